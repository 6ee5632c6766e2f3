/** Counters of the index (rows: see `index-rows.ts`): how many rows there are, without reading them. */
import type { Change } from './change.ts';
import { counterPrefix, entryPrefix } from './index-rows.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix } from './user-rows.ts';

/** Which rows of which client (hex of its key) a counter counts. */
export type Slot = { readonly client: string; readonly slot: string };

type CounterRow = Row<{ readonly count: number }>;

/** Undefined before the first row. Throws `Unavailable`. */
export const readCounter = (index: Table, { client, slot }: Slot): Promise<CounterRow | undefined> =>
  index.read(client, counterPrefix + slot);

/** All of a client: at most sixteen, in one call. Throws `Unavailable`. */
export const readCounters = (index: Table, client: string): Promise<readonly CounterRow[]> =>
  index.range(client, counterPrefix, afterPrefix(counterPrefix));

/** By counting. Throws `Unavailable`. */
export const countRows = async (index: Table, { client, slot }: Slot): Promise<number> => {
  let count = 0;
  const prefix = entryPrefix + slot;
  for await (const rows of index.pages<object>(client, prefix, afterPrefix(prefix))) count += rows.length;
  return count;
};

/** On the condition that nobody has added or removed anything since `before` was read. */
export const counterChange = ({ client, slot }: Slot, count: number, before: CounterRow | undefined): Change => {
  const row = { partitionKey: client, rowKey: counterPrefix + slot, count };
  return before === undefined ? { insert: row } : { update: row, etag: before.etag };
};

/** Sets a counter that is wrong. False when somebody was at it meanwhile: then it is left to them. Throws `Unavailable`. */
export const recount = async (index: Table, slot: Slot): Promise<boolean> => {
  const before = await readCounter(index, slot);
  const count = await countRows(index, slot);
  if (count === (before?.count ?? 0)) return false;
  return (await index.write([counterChange(slot, count, before)])).kind === 'done';
};
