/** A table that lies in several accounts, seen as one: each partition is in exactly one of them (`ranges.ts`). */
import type { TableEntity } from '@azure/data-tables';
import { Unavailable } from '../oauth/errors.ts';
import type { Change } from './change.ts';
import type { Ranges } from './ranges.ts';
import type { Table } from './table.ts';

export type SpreadOptions = {
  readonly name: string;
  readonly first: Table;
  /** The same table in each further account, by its address. */
  readonly further: ReadonlyMap<string, Table>;
  readonly ranges: Ranges;
};

/** Does what a table does, in the account of the partition; `page` goes by its lower end, so both ends must lie in one slot. */
export const spreadTable = ({ name, first, further, ranges }: SpreadOptions): Table => {
  const holding = async (partitionKey: string): Promise<Table> => {
    const account = await ranges.accountOf(name, partitionKey);
    if (account === undefined) return first;
    const table = further.get(account);
    if (table !== undefined) return table;
    // Writing elsewhere would tear a person's rows apart.
    throw new Unavailable('storage', { cause: new Error(`no setting names ${account}, which holds part of ${name}`) });
  };
  return {
    read: async (partitionKey, rowKey) => (await holding(partitionKey)).read(partitionKey, rowKey),
    pages: async function* (partitionKey, from, to) {
      yield* (await holding(partitionKey)).pages(partitionKey, from, to) as AsyncIterable<never>;
    },
    range: async (partitionKey, from, to) => (await holding(partitionKey)).range(partitionKey, from, to),
    page: async (from, to, options) => (await holding(from)).page(from, to, options),
    write: async (changes) => (await holding(partitionOf(changes))).write(changes),
    remove: async (row) => (await holding(row.partitionKey)).remove(row),
  };
};

/** All changes of one write are of one partition. */
const partitionOf = ([change]: readonly Change[]): string => {
  if (change === undefined) throw new Error('a write without a change');
  return entityOf(change).partitionKey;
};

const entityOf = (change: Change): TableEntity => {
  if ('insert' in change) return change.insert;
  if ('merge' in change) return change.merge;
  if ('upsert' in change) return change.upsert;
  return 'remove' in change ? change.remove : change.update;
};
