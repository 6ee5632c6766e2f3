/** Browser sessions and profiles (rows: see `user-rows.ts`). The cookie names the row; the row holds a hash of its secret. */
import { base64url, fromBase64url, type Random, sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { userKeyLength } from '../oauth/locator.ts';
import type { Session } from '../oauth/session.ts';
import { settle } from './settle.ts';
import type { Change, Row, Table } from './table.ts';
import { partitionOf } from './user-rows.ts';

type SessionColumns = {
  readonly displayName: string;
  readonly accountName: string;
  readonly isOperator: boolean;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly authTime?: number;
  readonly requestDigest?: string;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly keepUntil: number;
};

type NewSession = Omit<Session, 'secret' | 'etag'>;

export type Sessions = {
  /** Stores a new session and the person's profile. Returns the cookie's value. */
  start(session: NewSession): Promise<string>;
  /** The session of a cookie's value; undefined when there is none (expiry is the caller's to check). */
  read(cookie: string): Promise<Session | undefined>;
  /** Moves the idle expiry; losing to another request of the same browser is fine. */
  prolong(session: Session, idleExpiresAt: number): Promise<void>;
  /** Ends the session of a cookie. Fine when there is none. */
  end(cookie: string): Promise<void>;
};

const secretLength = 32;

export const openSessions = (users: Table, random: Random): Sessions => {
  const start = async (session: NewSession): Promise<string> => {
    const secret = random(secretLength);
    const keys = { partitionKey: partitionOf(session.userKey), rowKey: rowKeyOf(secret) };
    const insert: Change = { insert: { ...keys, ...columnsOf(session) } };
    const isStored = async (profile: Change): Promise<boolean> => {
      const settled = await settle<undefined>({
        attempt: () => users.write([insert, profile]),
        readBack: async () => ({ whose: (await users.read(keys.partitionKey, keys.rowKey)) ? 'ours' : 'nobody' }),
        // A session whose secret nobody got to know may land late: there is nothing to fence.
        fence: async () => ({ kind: 'done' }),
      });
      return settled.result === 'done';
    };
    // A known person costs one write. The first sign-in finds no profile to merge into; the first two may race.
    const profile = profileRow(session);
    const attempts: readonly Change[] = [
      { merge: profile },
      { insert: { ...profile, firstSignInAt: session.createdAt } },
      { merge: profile },
    ];
    for (const attempt of attempts)
      if (await isStored(attempt)) return base64url(Buffer.concat([session.userKey, secret]));
    throw new Unavailable('storage');
  };

  return {
    start,
    read: async (cookie) => {
      const parts = partsOf(cookie);
      if (parts === undefined) return undefined;
      const row = await users.read<SessionColumns>(partitionOf(parts.userKey), rowKeyOf(parts.secret));
      return row && sessionFrom(row, parts);
    },
    prolong: async (session, idleExpiresAt) => {
      const keys = { partitionKey: partitionOf(session.userKey), rowKey: rowKeyOf(session.secret) };
      await users.write([{ update: { ...keys, ...columnsOf({ ...session, idleExpiresAt }) }, etag: session.etag }]);
    },
    end: async (cookie) => {
      const parts = partsOf(cookie);
      if (parts === undefined) return;
      const row = { partitionKey: partitionOf(parts.userKey), rowKey: rowKeyOf(parts.secret), etag: '*' };
      const first = await users.remove(row);
      const outcome = first.kind === 'unknown' ? await users.remove(row) : first;
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
    },
  };
};

const rowKeyOf = (secret: Buffer): string => `session:${base64url(sha256(secret))}`;

const partsOf = (cookie: string): { userKey: Buffer; secret: Buffer } | undefined => {
  const bytes = fromBase64url(cookie);
  if (bytes?.length !== userKeyLength + secretLength) return undefined;
  return { userKey: bytes.subarray(0, userKeyLength), secret: bytes.subarray(userKeyLength) };
};

const profileRow = ({ userKey, displayName, accountName, createdAt }: NewSession) => ({
  partitionKey: partitionOf(userKey),
  rowKey: 'profile',
  displayName,
  accountName,
  lastSignInAt: createdAt,
});

const columnsOf = (session: NewSession): SessionColumns => ({
  displayName: session.displayName,
  accountName: session.accountName,
  isOperator: session.isOperator,
  createdAt: session.createdAt,
  startedAt: session.startedAt,
  ...(session.authTime === undefined ? {} : { authTime: session.authTime }),
  ...(session.requestDigest === undefined ? {} : { requestDigest: session.requestDigest }),
  idleExpiresAt: session.idleExpiresAt,
  absoluteExpiresAt: session.absoluteExpiresAt,
  keepUntil: session.absoluteExpiresAt,
});

const sessionFrom = (row: Row<SessionColumns>, parts: { userKey: Buffer; secret: Buffer }): Session => ({
  ...parts,
  etag: row.etag,
  displayName: row.displayName,
  accountName: row.accountName,
  isOperator: row.isOperator,
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  authTime: row.authTime,
  requestDigest: row.requestDigest,
  idleExpiresAt: row.idleExpiresAt,
  absoluteExpiresAt: row.absoluteExpiresAt,
});
