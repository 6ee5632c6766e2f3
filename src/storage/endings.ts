/**
 * What operators have had ended, as jobs that are worked off in steps, in the table `deployment`:
 *
 *   PartitionKey endings   RowKey <inverted time>:<random>   rule: JSON; by: JSON; state; counts
 *                          place: where to go on; pending: JSON, what was found up to there and is to be ended now
 *                          leasedBy, leaseUntil: who is at work, and until when nobody else is
 *
 * Each step is a conditional write of the row, so that of two processes that believe to be at work one finds out. What is about to
 * be ended is written down before: once it has ended, the index no longer has it. What a step has done and its process could not
 * say, the next one does again: to the same grants, which have ended already, and are counted then.
 */
import { base64url, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { EndingRule } from '../oauth/grants/ending.ts';
import { json, number, optional, otherwise, rowOf, seconds, text } from './columns.ts';
import { lost, untilWritten } from './retry.ts';
import type { Row, Table } from './table.ts';

type NewEnding = {
  readonly rule: EndingRule;
  /** Who ordered it. */
  readonly by: { readonly role: string; readonly id: string };
  /** Epoch seconds. */
  readonly startedAt: number;
};

/** How far it has come. */
type Progress = {
  readonly place: string;
  /** Names of authorizations that are to be ended next: some fifty. */
  readonly pending: readonly string[];
  /** Authorizations that were looked at, the pending ones among them, and that it ended. */
  readonly examined: number;
  readonly ended: number;
};

export type Ending = NewEnding &
  Progress & {
    readonly id: string;
    readonly state: 'running' | 'done' | 'stopped';
    readonly finishedAt: number | undefined;
    readonly etag: string;
  };

export type Endings = {
  /** Throws `Unavailable`. */
  begin(ending: NewEnding, random: Random): Promise<Ending>;
  read(id: string): Promise<Ending | undefined>;
  /** The newest first, after an id; at most 1,000. */
  list(page: { readonly after: string | undefined; readonly limit: number }): Promise<EndingPage>;
  /** Undefined unless it is running and nobody is at work, who could still be. Throws `Unavailable`. */
  take(ending: Ending): Promise<Ending | undefined>;
  /** Says how far it has come, and goes on holding it. Undefined when it is no longer one's own. Throws `Unavailable`. */
  step(ending: Ending, progress: Progress): Promise<Ending | undefined>;
  /** The same at its end. */
  finish(ending: Ending, progress: Progress): Promise<Ending | undefined>;
  /** Nothing more begins. Undefined when it was not running. Throws `Unavailable`. */
  stop(id: string): Promise<Ending | undefined>;
};

type EndingPage = { readonly endings: readonly Ending[]; readonly next: string | undefined };

const partitionKey = 'endings';

/** Longer than a step takes. */
const leaseSeconds = 90;

const columns = rowOf({
  rule: json<EndingRule>(),
  by: json<Ending['by']>(),
  state: text<Ending['state']>(),
  startedAt: seconds,
  finishedAt: optional(seconds),
  place: text(),
  pending: otherwise(json<readonly string[]>(), []),
  examined: number,
  ended: number,
});

type EndingColumns = Readonly<Record<string, unknown>> & {
  readonly leasedBy?: string;
  readonly leaseUntil?: number;
};

const idOf = (rowKey: string): string => rowKey.replace(':', '.');

const rowKeyOf = (id: string): string | undefined =>
  /^\d{10}\.[\w-]{12}$/.test(id) ? id.replace('.', ':') : undefined;

const endingFrom = (row: Row<EndingColumns>): Ending => ({
  ...columns.read(row),
  id: idOf(row.rowKey),
  etag: row.etag,
});

type Context = { readonly table: Table; readonly clock: () => number; readonly random: Random };

type Tables = {
  readonly deployment: Table;
  /** The same, for the work that no request waits for. */
  readonly atWork: Table;
};

export const openEndings = ({ deployment, atWork }: Tables, options: Omit<Context, 'table'>): Endings => {
  const context = { ...options, table: deployment };
  const working = { ...options, table: atWork };
  return {
    begin: (ending, random) => begin(context, ending, random),
    read: async (id) => {
      const row = await rowOfId(context, id);
      return row && endingFrom(row);
    },
    list: (page) => list(context, page),
    take: (ending) => take(working, ending),
    step: (ending, progress) =>
      write(working, ending, { ...progressOf(progress), leaseUntil: context.clock() + leaseSeconds }),
    finish: (ending, progress) =>
      write(working, ending, { ...progressOf(progress), state: 'done', finishedAt: context.clock(), leaseUntil: 0 }),
    stop: (id) => stop(context, id),
  };
};

const rowOfId = async ({ table }: Context, id: string): Promise<Row<EndingColumns> | undefined> => {
  const rowKey = rowKeyOf(id);
  return rowKey === undefined ? undefined : table.read<EndingColumns>(partitionKey, rowKey);
};

const progressOf = ({ place, pending, examined, ended }: Progress): Written => ({
  place,
  pending: JSON.stringify(pending),
  examined,
  ended,
});

const nothingYet: Progress = { place: '', pending: [], examined: 0, ended: 0 };

const begin = async (context: Context, ending: NewEnding, random: Random): Promise<Ending> => {
  const rowKey = `${String(9_999_999_999 - ending.startedAt).padStart(10, '0')}:${base64url(random(9))}`;
  const values = { ...ending, state: 'running', finishedAt: undefined, ...nothingYet } as const;
  const insert = { partitionKey, rowKey, ...columns.write(values), leaseUntil: 0 };
  const outcome = await context.table.write([{ insert }]);
  // By a random name of its own: a conflict is an attempt whose answer was lost.
  if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  const row = await context.table.read<EndingColumns>(partitionKey, rowKey);
  if (row === undefined) throw new Unavailable('storage');
  return endingFrom(row);
};

const list = async (
  { table }: Context,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<EndingPage> => {
  const from = (after && rowKeyOf(after)) ?? '';
  const rows: Row<EndingColumns>[] = [];
  for await (const page of table.pages<EndingColumns>(partitionKey, from === '' ? '0' : `${from}~`, '~')) {
    rows.push(...page);
    if (rows.length > limit) break;
  }
  const endings = rows.slice(0, limit).map(endingFrom);
  return { endings, next: rows.length > limit ? endings.at(-1)?.id : undefined };
};

const take = async (context: Context, { id }: Ending): Promise<Ending | undefined> => {
  const row = await rowOfId(context, id);
  const now = context.clock();
  if (row === undefined || row.state !== 'running' || now < (row.leaseUntil ?? 0)) return undefined;
  return write(context, endingFrom(row), { leaseUntil: now + leaseSeconds });
};

type Written = Readonly<Record<string, string | number>>;

/** The row after the write; undefined if it was another's, and whatever became of the answer. */
const write = async (context: Context, { id, etag }: Ending, values: Written): Promise<Ending | undefined> => {
  const rowKey = rowKeyOf(id) ?? '';
  const leasedBy = base64url(context.random(12));
  const outcome = await context.table.write([{ update: { partitionKey, rowKey, ...values, leasedBy }, etag }]);
  if (outcome.kind === 'conflict') return undefined;
  const row = await context.table.read<EndingColumns>(partitionKey, rowKey);
  return row?.leasedBy === leasedBy ? endingFrom(row) : undefined;
};

const stop = async (context: Context, id: string): Promise<Ending | undefined> =>
  untilWritten(
    await rowOfId(context, id),
    () => rowOfId(context, id),
    async (row) => {
      if (row === undefined || row.state !== 'running') return undefined;
      const stopped = { state: 'stopped', finishedAt: context.clock(), leaseUntil: 0 };
      return (await write(context, endingFrom(row), stopped)) ?? lost;
    },
  );
