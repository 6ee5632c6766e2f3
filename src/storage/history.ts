/** History that is written by itself, because nothing else changes with it (rows: see `user-rows.ts`). */
import type { Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { Table } from './table.ts';
import { eventInsert } from './user-rows.ts';

export type History = {
  /** Adds an event to the person's history. One try; throws `Unavailable` when it is not known to be stored. */
  add(userKey: Buffer, event: HistoryEvent): Promise<void>;
};

export const openHistory = (users: Table, random: Random): History => ({
  add: async (userKey, event) => {
    const outcome = await users.write([eventInsert(userKey, event, random)]);
    if (outcome.kind !== 'done') throw new Unavailable('storage');
  },
});
