/**
 * Sign-outs of which somebody has to be told, in the order in which they are to be looked at. They lie in the table
 * `deployment`, because the timer that works them off cannot look for them in everybody's partition.
 *
 *   PartitionKey sign-outs   RowKey <when to look again>:<random>   userKey, browserKey, at: a session that ended
 *                                                                   userKey, at: all of a person that began up to then;
 *                                                                   erase: and everything else of theirs goes, too
 *                            attempts: how often it was looked at
 *
 * The row is there before the session ends, and goes when everybody has been told.
 */
import { base64url, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Table } from './table.ts';

export type SignOut = {
  readonly userKey: Buffer;
  /** Undefined for all browsers of the person. */
  readonly browserKey: string | undefined;
  /** Epoch seconds. */
  readonly at: number;
  /** True if everything of the person's from up to then is to be deleted. */
  readonly isErasure: boolean;
  readonly attempts: number;
  readonly rowKey: string;
};

type Announced = Pick<SignOut, 'userKey' | 'at'> & { readonly browserKey?: string; readonly isErasure?: true };

export type SignOuts = {
  /** To be looked at a minute later, unless whoever ended the session has told everybody by then. Throws `Unavailable`. */
  announce(signOut: Announced): Promise<SignOut>;
  /** Those whose time has come, the oldest first, at most 1,000. Throws `Unavailable`. */
  due(now: number): Promise<readonly SignOut[]>;
  /** To be looked at again, then. */
  postpone(signOut: SignOut, until: number): Promise<void>;
  finish(signOut: SignOut): Promise<void>;
};

const partitionKey = 'sign-outs';
const patienceSeconds = 60;

type Columns = {
  readonly userKey: string;
  readonly browserKey?: string;
  readonly at: number;
  readonly isErasure?: boolean;
  readonly attempts: number;
};

export const openSignOuts = (deployment: Table, random: Random): SignOuts => {
  const rowKeyAt = (instant: number): string => `${String(instant).padStart(10, '0')}:${base64url(random(12))}`;
  return {
    announce: async ({ userKey, at, ...more }) => {
      const rowKey = rowKeyAt(at + patienceSeconds);
      const insert = { partitionKey, rowKey, userKey: userKey.toString('hex'), ...more, at, attempts: 0 };
      const write = () => deployment.write([{ insert }]);
      const first = await write();
      // By a random name of its own, so that a conflict is the answer that was lost.
      const outcome = first.kind === 'unknown' ? await write() : first;
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
      const { browserKey, isErasure = false } = more;
      return { rowKey, userKey, browserKey, at, isErasure, attempts: 0 };
    },
    due: async (now) => {
      for await (const rows of deployment.pages<Columns>(partitionKey, '0', rowKeyAt(now + 1).slice(0, 10)))
        return rows.map(({ rowKey, userKey, browserKey, at, isErasure = false, attempts }) => ({
          rowKey,
          userKey: Buffer.from(userKey, 'hex'),
          browserKey,
          at,
          isErasure,
          attempts,
        }));
      return [];
    },
    postpone: async ({ rowKey, userKey, browserKey, at, isErasure, attempts }, until) => {
      const columns = {
        userKey: userKey.toString('hex'),
        at,
        attempts: attempts + 1,
        ...(browserKey && { browserKey }),
        ...(isErasure && { isErasure }),
      };
      await deployment.write([
        { insert: { partitionKey, rowKey: rowKeyAt(until), ...columns } },
        { remove: { partitionKey, rowKey } },
      ]);
    },
    finish: async ({ rowKey }) => {
      await deployment.remove({ partitionKey, rowKey, etag: '*' });
    },
  };
};
