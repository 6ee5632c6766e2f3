/** History that is written by itself, because nothing else changes with it (rows: see `user-rows.ts`). */
import type { Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { PersonEvent } from '../oauth/grants/history.ts';
import { eventFrom, type ListedEvent, newestFirst } from './grant-rows.ts';
import type { Table } from './table.ts';
import { type EventColumns, eventInsert, eventRowKey, partitionOf } from './user-rows.ts';

export type History = {
  /** Adds an event to the person's history. One try; throws `Unavailable` when it is not known to be stored. */
  add(userKey: Buffer, event: PersonEvent): Promise<void>;
  /** The event of this name; undefined when there is none (any more). One read. Throws `Unavailable`. */
  find(userKey: Buffer, id: string): Promise<ListedEvent | undefined>;
  /** The newest, at most 1,000. One call. Throws `Unavailable`. */
  newest(userKey: Buffer): Promise<readonly ListedEvent[]>;
};

export const openHistory = (users: Table, random: Random): History => ({
  add: async (userKey, event) => {
    const outcome = await users.write([eventInsert(userKey, event, random)]);
    if (outcome.kind !== 'done') throw new Unavailable('storage');
  },
  find: async (userKey, id) => {
    const rowKey = eventRowKey(id);
    const row = rowKey && (await users.read<EventColumns>(partitionOf(userKey), rowKey));
    return row ? eventFrom(row) : undefined;
  },
  newest: async (userKey) => {
    for await (const rows of users.pages<EventColumns>(partitionOf(userKey), 'history:', 'history;'))
      return rows.toSorted(newestFirst).map(eventFrom);
    return [];
  },
});
