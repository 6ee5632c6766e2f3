/**
 * Clean-up without a scanner. Partition keys are hashes, so the key space falls into even slices; each run of the timer
 * takes the next one, and a full pass takes a day. Reads enforce expiry anyway: the sweep only frees space.
 *
 * A row goes when its `keepUntil` has been over for a day, and only if it still is the row that was read. A run is bounded,
 * and may be killed at any point: the slice comes round again tomorrow.
 */
import type { Clock } from '../oauth/crypto.ts';
import type { Table } from './table.ts';

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
  clock: Clock,
  slice = sliceAt(clock()),
): Promise<SweepReport> => {
  const from = slice.toString(16).padStart(2, '0');
  const to = slice === slices - 1 ? 'g' : (slice + 1).toString(16).padStart(2, '0');
  const startedAt = performance.now();
  const report = { slice, read: 0, deleted: 0 };
  for (const table of tables) {
    let after: string | undefined;
    do {
      const page = await table.page<{ keepUntil?: number }>(from, to, {
        size: pageSize,
        ...(after === undefined ? {} : { after }),
      });
      for (const row of page.rows) {
        report.read += 1;
        if (row.keepUntil === undefined || row.keepUntil + graceSeconds > clock()) continue;
        if ((await table.remove(row)).kind === 'done') report.deleted += 1;
      }
      after = page.next;
    } while (after !== undefined && report.read < rowsPerRun && performance.now() - startedAt < runMilliseconds);
  }
  return report;
};
