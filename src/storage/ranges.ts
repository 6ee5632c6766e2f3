/**
 * Which account holds which part of a table that grows with people. Partition keys of these tables are hex of a hash, and the
 * first two digits of one are its slot, of 256. Until somebody moves a slot, it is in the first account.
 *
 *   Table deployment   PartitionKey not-before   RowKey ranges:<table>   ranges: JSON, [{ from, to, account, movingFrom? }]
 *
 * `from` and `to` are slots, both included; `account` is an address of FURTHER_TABLES_URLS. While `movingFrom` is there, nobody
 * reads or writes those rows but infra/hooks/move-people.mjs, which moves one after the other, and writes this list. It waits in
 * between until no instance can go by an older one. The list lies beside the instants that all instances read anyway, so that
 * where people are costs no request of its own.
 */
import { Unavailable } from '../oauth/errors.ts';
import type { DeploymentList, Entries } from './deployment-list.ts';

/** What a moving slot takes, once its turn has come, is a minute or two. */
const movingRetrySeconds = 30;

type Range = {
  readonly from: string;
  readonly to: string;
  readonly account: string;
  readonly movingFrom?: string;
};

export type Ranges = {
  /**
   * The account of the rows of `partitionKey` in `table`; undefined for the first one. Throws `Unavailable` while they are
   * being moved, and when the list cannot be read.
   */
  accountOf(table: string, partitionKey: string): Promise<string | undefined>;
};

/** Goes by the deployment's list. */
export const openRanges = (list: DeploymentList): Ranges => {
  const rangesIn = onceEach((entries) => {
    const ranges = new Map<string, readonly Range[]>();
    for (const [rowKey, entry] of entries) if (entry.ranges !== undefined) ranges.set(rowKey, parse(entry.ranges));
    return ranges;
  });
  return {
    accountOf: async (table, partitionKey) => {
      const slot = partitionKey.slice(0, 2);
      const ranges = rangesIn(await list.current()).get(`ranges:${table}`);
      const range = ranges?.find(({ from, to }) => from <= slot && slot <= to);
      if (range?.movingFrom === undefined) return range?.account;
      const cause = new Error(`slot ${slot} of ${table} is being moved`);
      throw new Unavailable('storage', { cause, retryAfterSeconds: movingRetrySeconds });
    },
  };
};

/** Throws `Unavailable`: who cannot tell where people are must not look for them in the first account. */
const parse = (text: string): readonly Range[] => {
  try {
    return JSON.parse(text) as Range[];
  } catch (cause) {
    throw new Unavailable('storage', { cause });
  }
};

/** Every request asks, and the answer changes with the list alone. */
const onceEach = <T>(derive: (entries: Entries) => T): ((entries: Entries) => T) => {
  let known: { readonly of: Entries; readonly derived: T } | undefined;
  return (entries) => {
    if (known?.of !== entries) known = { of: entries, derived: derive(entries) };
    return known.derived;
  };
};
