/**
 * Clean-up without a scanner. Partition keys are hashes, so the key space falls into even slices; each run of the timer
 * takes the next one, and a full pass takes a day. Reads enforce expiry anyway: the sweep only frees space.
 *
 * A row goes when its `keepUntil` has been over for a day, and only if it still is the row that was read; the service leaves
 * all others out. A run is bounded and may be killed at any point: where it stopped is a row of the table `deployment`, and
 * the next run goes on from there, so that no person's rows, however many, keep those behind them from their turn.
 */
import type { Clock } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { sliceName, slices } from './slices.ts';
import type { Page, Row, Table } from './table.ts';

const graceSeconds = 86_400;
const pageSize = 500;
const runMilliseconds = 240_000;

/** Rows of one table that a run deletes unless it is told otherwise. */
const usualRows = 20_000;

/** Enough for the rows of a run to go in its time, if each takes a twentieth of a second; never so many that requests suffer. */
const deletionsAtOnce = (rows: number): number => Math.min(256, Math.max(16, Math.ceil(rows / 5_000)));

/** `slice` is the one that was swept, of 256; `finished` says that its end was reached in every table. */
export type SweepReport = {
  readonly slice: number;
  readonly read: number;
  readonly deleted: number;
  readonly finished: boolean;
};

/** Where the next run goes on; nobody decides anything by it. */
type Cursor = { readonly slice: number; readonly after: string | undefined };

type Surroundings = {
  readonly deployment: Table;
  readonly clock: Clock;
  /** Rows of one table that a run may delete; 20,000 unless told. */
  readonly rows?: number;
};

/** Sweeps one slice of each table, or what is left of it. Throws `Unavailable` if the deployment's own rows cannot be read. */
export const sweepTables = async (
  tables: Readonly<Record<string, Table>>,
  { deployment, clock, rows = usualRows }: Surroundings,
): Promise<SweepReport> => {
  const reports: SweepReport[] = [];
  for (const [name, table] of Object.entries(tables)) {
    const cursor = await readCursor(deployment, name);
    const { next, ...report } = await orPassedOver(cursor, sweepSlice(table, cursor, { now: clock(), rows }));
    await deployment.write([{ upsert: { partitionKey: 'sweep', rowKey: name, ...cursorColumns(next) } }]);
    reports.push(report);
  }
  return {
    slice: reports[0]?.slice ?? 0,
    read: reports.reduce((sum, { read }) => sum + read, 0),
    deleted: reports.reduce((sum, { deleted }) => sum + deleted, 0),
    finished: reports.every(({ finished }) => finished),
  };
};

const readCursor = async (deployment: Table, name: string): Promise<Cursor> => {
  const row = await deployment.read<{ slice: number; after: string }>('sweep', name);
  return row === undefined ? { slice: 0, after: undefined } : { slice: row.slice, after: row.after || undefined };
};

const cursorColumns = ({ slice, after }: Cursor) => ({ slice, after: after ?? '' });

const sweepSlice = async (
  table: Table,
  { slice, after: begin }: Cursor,
  { now, rows }: { readonly now: number; readonly rows: number },
): Promise<SweepReport & { readonly next: Cursor }> => {
  const [from, to] = [sliceName(slice), sliceName(slice + 1)];
  const startedAt = performance.now();
  const [counts, overBefore] = [{ read: 0, deleted: 0 }, now - graceSeconds];
  let after = begin;
  while (counts.read < rows && performance.now() - startedAt < runMilliseconds) {
    const page: Page<object> = await table.page(from, to, { size: pageSize, after, overBefore });
    counts.read += page.rows.length;
    counts.deleted += await deleteAll(page.rows, table, deletionsAtOnce(rows));
    after = page.next;
    if (after === undefined) return { slice, ...counts, finished: true, next: { slice: (slice + 1) % slices, after } };
  }
  return { slice, ...counts, finished: false, next: { slice, after } };
};

/** A slice whose account is away, or that is being moved, waits for the next pass: the others go on. */
const orPassedOver = (
  { slice }: Cursor,
  swept: Promise<SweepReport & { readonly next: Cursor }>,
): Promise<SweepReport & { readonly next: Cursor }> =>
  swept.catch((error: unknown) => {
    if (!(error instanceof Unavailable)) throw error;
    return { slice, read: 0, deleted: 0, finished: false, next: { slice: (slice + 1) % slices, after: undefined } };
  });

const deleteAll = async (rows: readonly Row<object>[], table: Table, atOnce: number): Promise<number> => {
  let deleted = 0;
  const waiting = rows.values();
  const work = async (): Promise<void> => {
    for (const row of waiting) if ((await table.remove(row)).kind === 'done') deleted += 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return deleted;
};
