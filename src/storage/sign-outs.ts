/**
 * Sign-outs of which somebody has to be told, in the order in which they are to be looked at. They lie in the table
 * `deployment`, because the timer that works them off cannot look for them in everybody's partition.
 *
 *   PartitionKey sign-outs   RowKey <when to look again>:<random>   userKey, browserKey, at: a session that ended
 *                                                                   userKey, at: all of a person that began up to then
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
  readonly attempts: number;
  readonly rowKey: string;
};

type Announced = Pick<SignOut, 'userKey' | 'at'> & { readonly browserKey?: string };

export type SignOuts = {
  /** To be looked at a minute later, by when whoever ended the session has told everybody. Throws `Unavailable`. */
  announce(signOut: Announced): Promise<void>;
  /** Those whose time has come, the oldest first, and not more than one run can do. Throws `Unavailable`. */
  due(now: number): Promise<readonly SignOut[]>;
  /** To be looked at again, then. */
  postpone(signOut: SignOut, until: number): Promise<void>;
  finish(signOut: SignOut): Promise<void>;
};

const partitionKey = 'sign-outs';
const patienceSeconds = 60;
const signOutsPerRun = 100;

type Columns = {
  readonly userKey: string;
  readonly browserKey?: string;
  readonly at: number;
  readonly attempts: number;
};

export const openSignOuts = (deployment: Table, random: Random): SignOuts => {
  const rowKeyAt = (instant: number): string => `${String(instant).padStart(10, '0')}:${base64url(random(12))}`;
  return {
    announce: async ({ userKey, at, ...browser }) => {
      const insert = { partitionKey, rowKey: rowKeyAt(at + patienceSeconds), userKey: userKey.toString('hex') };
      const write = () => deployment.write([{ insert: { ...insert, ...browser, at, attempts: 0 } }]);
      const first = await write();
      // By a random name of its own, so that a conflict is the answer that was lost.
      const outcome = first.kind === 'unknown' ? await write() : first;
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
    },
    due: async (now) => {
      for await (const rows of deployment.pages<Columns>(partitionKey, '0', rowKeyAt(now + 1).slice(0, 10)))
        return rows.slice(0, signOutsPerRun).map(({ rowKey, userKey, browserKey, at, attempts }) => ({
          rowKey,
          userKey: Buffer.from(userKey, 'hex'),
          browserKey,
          at,
          attempts,
        }));
      return [];
    },
    postpone: async ({ rowKey, userKey, browserKey, at, attempts }, until) => {
      const columns = {
        userKey: userKey.toString('hex'),
        at,
        attempts: attempts + 1,
        ...(browserKey && { browserKey }),
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
