/** Who authorized a service, for whoever administers: counted in one call, listed a page at a time (rows: see `index-rows.ts`). */
import { readCounters } from './index-counters.ts';
import { type EntryColumns, entryFrom, entryPrefix, type IndexEntry } from './index-rows.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix } from './user-rows.ts';

/** `next` is the user key (hex) of the last one, if there may be more. */
type IndexPage = { readonly entries: readonly IndexEntry[]; readonly next: string | undefined };

type PageRequest = { readonly after: string | undefined; readonly limit: number };

export type ServiceIndex = {
  /** How many people have authorized the client. One call. Throws `Unavailable`. */
  count(clientKey: Buffer): Promise<number>;
  /** In the order of user keys, which says nothing; at most 1,000. One call, usually. Throws `Unavailable`. */
  list(clientKey: Buffer, page: PageRequest): Promise<IndexPage>;
};

export const openServiceIndex = (index: Table): ServiceIndex => ({
  count: async (clientKey) => {
    const counters = await readCounters(index, clientKey.toString('hex'));
    return counters.reduce((sum, { count }) => sum + count, 0);
  },
  list: async (clientKey, { after, limit }) => {
    const from = after === undefined ? entryPrefix : `${entryPrefix}${after}~`;
    const rows: Row<EntryColumns>[] = [];
    // The service may answer with fewer than there are.
    for await (const page of index.pages<EntryColumns>(clientKey.toString('hex'), from, afterPrefix(entryPrefix))) {
      rows.push(...page);
      if (rows.length > limit) break;
    }
    const entries = rows.slice(0, limit).map(entryFrom);
    return { entries, next: rows.length > limit ? entries.at(-1)?.userKey.toString('hex') : undefined };
  },
});
