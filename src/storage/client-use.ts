/**
 * What a service does, as far as whoever administers wants to see it beside its registration, in the service's partition of the
 * index (`index-rows.ts`):
 *
 *   RowKey  errors:<day>   counts: JSON, reason -> how many requests of that day (UTC) were refused for it
 *           used           at: when it last got a token, as exact as a day
 *
 * Nobody decides anything by it, and no request waits for it. One range holds these rows and the counters: one read.
 */
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import { dayOf } from './audit.ts';
import { counterPrefix, entryPrefix } from './index-rows.ts';
import { lost, untilWritten } from './retry.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix } from './user-rows.ts';

type ErrorsOfDay = {
  /** As in 2026-11-21. */
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
};

export type ClientActivity = {
  /** How many people have authorized it. */
  readonly authorizations: number;
  /** Epoch seconds. */
  readonly lastUsedAt: number | undefined;
  /** The latest day first; of the last 30 days. */
  readonly errors: readonly ErrorsOfDay[];
};

export type ClientUse = {
  /** One call. Throws `Unavailable`. */
  read(clientId: string): Promise<ClientActivity>;
  used(clientId: string, at: number): Promise<void>;
  /** Adds to the counts of the day. Throws `Unavailable`: then they are lost. */
  refused(clientId: string, at: number, counts: ErrorsOfDay['counts']): Promise<void>;
};

const errorsPrefix = 'errors:';

const daysKept = 30;
const daySeconds = 86_400;

/** True for the errors of a day that nobody is shown any more. */
export const isOverdue = (rowKey: string, now: number): boolean =>
  rowKey.startsWith(errorsPrefix) && rowKey.slice(errorsPrefix.length) < dayOf(now - daysKept * daySeconds);

type Columns = { readonly count?: number; readonly at?: number; readonly counts?: string };

type Tables = {
  readonly index: Table;
  /** The same, for what no request waits for. */
  readonly background: Table;
};

export const openClientUse = ({ index, background }: Tables, clock: () => number): ClientUse => ({
  read: async (clientId) => {
    const rows = await index.range<Columns>(partitionOf(clientId), counterPrefix, entryPrefix);
    return activityIn(rows, clock());
  },
  used: async (clientId, at) => {
    await background.write([{ upsert: { partitionKey: partitionOf(clientId), rowKey: 'used', at } }]);
  },
  refused: (clientId, at, counts) => addErrors(background, { clientId, day: dayOf(at), counts }),
});

const partitionOf = (clientId: string): string => clientKeyOf(clientId).toString('hex');

const activityIn = (rows: readonly Row<Columns>[], now: number): ClientActivity => ({
  authorizations: rows
    .filter(({ rowKey }) => rowKey < afterPrefix(counterPrefix))
    .reduce((sum, { count = 0 }) => sum + count, 0),
  lastUsedAt: rows.find(({ rowKey }) => rowKey === 'used')?.at,
  errors: rows
    .filter(({ rowKey }) => rowKey.startsWith(errorsPrefix) && !isOverdue(rowKey, now))
    .map((row) => ({ day: row.rowKey.slice(errorsPrefix.length), counts: countsIn(row) }))
    .toReversed(),
});

const countsIn = ({ counts = '{}' }: Columns): ErrorsOfDay['counts'] => JSON.parse(counts) as ErrorsOfDay['counts'];

type Errors = ErrorsOfDay & { readonly clientId: string };

const addErrors = async (table: Table, { clientId, day, counts }: Errors): Promise<void> => {
  const keys = { partitionKey: partitionOf(clientId), rowKey: errorsPrefix + day };
  const read = () => table.read<Columns>(keys.partitionKey, keys.rowKey);
  await untilWritten(await read(), read, async (row) => {
    const sums = new Map(Object.entries(row === undefined ? {} : countsIn(row)));
    for (const [reason, count] of Object.entries(counts)) sums.set(reason, (sums.get(reason) ?? 0) + count);
    const written = { ...keys, counts: JSON.stringify(Object.fromEntries(sums)) };
    const { kind } = await table.write([row === undefined ? { insert: written } : { update: written, etag: row.etag }]);
    return kind === 'conflict' ? lost : undefined;
  });
};
