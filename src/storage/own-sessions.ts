/** A person's browser sessions as their own page lists them (rows: see `user-rows.ts`). */
import { fromBase64url } from '../oauth/crypto.ts';
import { optional, rowOf, seconds, text } from './columns.ts';
import { type NamedSession, namedSessionKeys, sessionPrefix } from './session-rows.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix, partitionOf } from './user-rows.ts';

const columns = rowOf({
  browserKey: optional(text()),
  browser: optional(text()),
  system: optional(text()),
  signedInFrom: optional(text()),
  createdAt: seconds,
  idleExpiresAt: seconds,
  absoluteExpiresAt: seconds,
  usedAt: optional(seconds),
});

/** Instants in epoch seconds. */
export type OwnSession = NamedSession & {
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly from: string | undefined;
  readonly createdAt: number;
  readonly idleExpiresAt: number;
  /** When something was last approved in it. */
  readonly usedAt: number | undefined;
};

export type OwnSessions = {
  readonly sessions: readonly OwnSession[];
  /** False if there are more rows than are read: then whoever ends these finds the others. */
  readonly isComplete: boolean;
};

/** Nobody has as many browsers; three calls read them. */
const rowsRead = 3_000;

/** Sessions that are alive at `now` (epoch seconds), in no order. Throws `Unavailable`. */
export const readOwnSessions = async (users: Table, userKey: Buffer, now: number): Promise<OwnSessions> => {
  const rows: Row<object>[] = [];
  for await (const page of users.pages<object>(partitionOf(userKey), sessionPrefix, afterPrefix(sessionPrefix))) {
    rows.push(...page);
    if (rows.length >= rowsRead) break;
  }
  const sessions = rows.flatMap((row) => sessionIn(row, { userKey, now }));
  return { sessions, isComplete: rows.length < rowsRead };
};

/** The session of this name, if it is alive. One read, none for what is no name. */
export const readOwnSession = async (
  users: Table,
  { userKey, sessionId, now }: { readonly userKey: Buffer; readonly sessionId: string; readonly now: number },
): Promise<OwnSession | undefined> => {
  if (fromBase64url(sessionId)?.length !== 32) return undefined;
  const { partitionKey, rowKey } = namedSessionKeys(userKey, sessionId);
  const row = await users.read<object>(partitionKey, rowKey);
  return row && sessionIn(row, { userKey, now })[0];
};

const sessionIn = (
  row: Row<object>,
  { userKey, now }: { readonly userKey: Buffer; readonly now: number },
): readonly OwnSession[] => {
  const { browserKey, signedInFrom: from, absoluteExpiresAt, ...read } = columns.read({ ...row });
  // A row from before browsers were named in it is over within a day.
  if (browserKey === undefined || now >= read.idleExpiresAt || now >= absoluteExpiresAt) return [];
  return [{ userKey, sessionId: row.rowKey.slice(sessionPrefix.length), browserKey, from, ...read }];
};
