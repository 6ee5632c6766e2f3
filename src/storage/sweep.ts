/**
 * Clean-up without a scanner. Partition keys are hashes, so the key space falls into even slices; each run of the timer
 * takes the next one, and a full pass takes a day. Reads enforce expiry anyway: the sweep only frees space.
 *
 * A row goes when its `keepUntil` has been over for a day, and only if it still is the row that was read. A run is bounded,
 * and may be killed at any point: the slice comes round again tomorrow.
 */
import type { Clock, Random } from '../oauth/crypto.ts';
import type { Page, Table } from './table.ts';

const slices = 256;
const runsPerDay = 288;
const graceSeconds = 86_400;
const pageSize = 500;
const rowsPerRun = 5_000;
const runMilliseconds = 60_000;

export type SweepReport = { readonly slice: number; readonly read: number; readonly deleted: number };

/** The slice whose turn it is: every five minutes the next one. */
export const sliceAt = (now: number): number => Math.floor(now / (86_400 / runsPerDay)) % slices;

/** Sweeps one slice of the tables. Throws `Unavailable` if they do not answer. */
export const sweepSlice = async (
  tables: readonly Table[],
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<SweepReport> => {
  const report = { slice: sliceAt(clock()), read: 0, deleted: 0 };
  const startedAt = performance.now();
  const isSpent = () => report.read >= rowsPerRun || performance.now() - startedAt >= runMilliseconds;
  for (const table of tables) {
    for (const [from, to] of rangesOf(report.slice, random)) {
      let after: string | undefined;
      do {
        const page: Page<{ keepUntil?: number }> = await table.page(from, to, { size: pageSize, after });
        report.read += page.rows.length;
        report.deleted += await deleteOver(page.rows, table, clock());
        after = page.next;
      } while (after !== undefined && !isSpent());
    }
  }
  return report;
};

/** The slice in two parts, beginning anywhere in it: a slice too large for one run is not always cut at the same place. */
const rangesOf = (slice: number, random: Random): readonly (readonly [string, string])[] => {
  const from = slice.toString(16).padStart(2, '0');
  const to = slice === slices - 1 ? 'g' : (slice + 1).toString(16).padStart(2, '0');
  const middle = from + random(2).toString('hex');
  return [
    [middle, to],
    [from, middle],
  ];
};

const deleteOver = async (rows: Page<{ keepUntil?: number }>['rows'], table: Table, now: number): Promise<number> => {
  let deleted = 0;
  for (const row of rows) {
    const isOver = row.keepUntil !== undefined && row.keepUntil + graceSeconds <= now;
    if (isOver && (await table.remove(row)).kind === 'done') deleted += 1;
  }
  return deleted;
};
