/**
 * Which clients a person is signed in to from one browser (rows: see `user-rows.ts`): whom to tell when its session ends
 * (OpenID Connect Back-Channel Logout).
 *
 * The batch that gives a client its code writes the browser's row and the client's, and holds only while the session's row is
 * there; ending is one batch that removes that. So no client gets in while the session ends. A browser that signed in nowhere
 * has no row, so that ending takes one transaction: it inserts the row that would otherwise be there.
 */
import type { SessionCookie } from '../oauth/authorization/session.ts';
import { base64url, type Random, sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Change, RowKeys } from './change.ts';
import type { Addition, NewFamily } from './grant-addition.ts';
import { type Browser, browserOf, type NamedSession, namedSessionKeys, sessionKeys } from './session-rows.ts';
import type { SignOut, SignOuts } from './sign-outs.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix, eventInsert, partitionOf } from './user-rows.ts';

export type SignedInClient = Browser & {
  readonly clientId: string;
  /** How the client knows the session. */
  readonly sid: string;
};

/** A session in which a client is given a code. */
export type SignInBasis = SessionCookie & { readonly createdAt: number; readonly absoluteExpiresAt: number };

/** Whoever has told them all finishes the sign-out. */
export type EndedSession = { readonly clients: readonly SignedInClient[]; readonly signOut: SignOut };

export type Browsers = {
  /**
   * Ends the session of a cookie; fine when there is none. That clients must be told of it is announced before
   * (`sign-outs.ts`). Undefined when nobody must be told. Throws `Unavailable`.
   */
  end(cookie: SessionCookie, at: number): Promise<EndedSession | undefined>;
  /** The same for a session that is named by its row, such as one of another browser (`own-sessions.ts`). */
  endNamed(session: NamedSession, at: number): Promise<EndedSession | undefined>;
  /** Clients that have not been told yet of the end of this browser's session; undefined while it has not ended. */
  untold(browser: Browser): Promise<readonly SignedInClient[] | undefined>;
  /** Clients of all browsers of a person, signed in by sessions that began up to `voidedAt` (epoch seconds). */
  voided(userKey: Buffer, voidedAt: number): Promise<readonly SignedInClient[]>;
  /** Remembers that a client has been told. */
  told(client: SignedInClient): Promise<void>;
};

type Columns = {
  readonly clientId?: string;
  readonly sid?: string;
  readonly sessionAt?: number;
  readonly endedAt?: number;
};

/** A client's own session goes on when ours has expired, of which nobody is told; it may come back to this browser so long. */
const rememberedSeconds = 30 * 86_400;

const prefix = 'browser:';

const keysOf = ({ userKey, browserKey }: Browser) => ({
  partitionKey: partitionOf(userKey),
  rowKey: `${prefix}${browserKey}`,
});

const clientKeysOf = ({ clientId, ...browser }: Browser & { readonly clientId: string }) => {
  const { partitionKey, rowKey } = keysOf(browser);
  return { partitionKey, rowKey: `${rowKey}:${base64url(sha256(clientId))}` };
};

/** Beside a new family: makes the batch fail once the session has ended; and where it signs the person in, whom to tell one day. */
export const sessionChanges = (
  { clientId, createdAt, openid }: NewFamily,
  { session, sessionEtag, signsIn }: Pick<Addition, 'session' | 'sessionEtag' | 'signsIn'>,
): readonly Change[] => {
  const used = (more: { readonly signsIn?: true } = {}): Change => {
    const row = { ...sessionKeys(session), usedAt: createdAt, ...more };
    return sessionEtag === undefined ? { merge: row } : { update: row, etag: sessionEtag };
  };
  if (!signsIn || openid === undefined) return [used()];
  const browser = browserOf(session);
  const keepUntil = Math.max(session.absoluteExpiresAt, createdAt + rememberedSeconds);
  const client = { clientId, sid: openid.sid, sessionAt: session.createdAt };
  return [
    used({ signsIn: true }),
    { upsert: { ...keysOf(browser), keepUntil } },
    { upsert: { ...clientKeysOf({ ...browser, clientId }), ...client, keepUntil } },
  ];
};

/** True if that is why `sessionChanges` made a batch fail. */
export const hasEnded = async (users: Table, session: SignInBasis): Promise<boolean> => {
  const { partitionKey, rowKey } = sessionKeys(session);
  return (await users.read(partitionKey, rowKey)) === undefined;
};

type Context = { readonly users: Table; readonly signOuts: SignOuts; readonly random: Random };

export const openBrowsers = (users: Table, signOuts: SignOuts, random: Random): Browsers => {
  const context = { users, signOuts, random };
  return {
    end: (cookie, at) => end(context, { session: sessionKeys(cookie), browser: browserOf(cookie) }, at),
    endNamed: ({ sessionId, ...browser }, at) =>
      end(context, { session: namedSessionKeys(browser.userKey, sessionId), browser }, at),
    untold: (browser) => untold(users, browser),
    voided: async (userKey, voidedAt) => {
      const rows = await users.range<Columns>(partitionOf(userKey), prefix, afterPrefix(prefix));
      return clientsIn(
        userKey,
        rows.filter(({ sessionAt = Number.POSITIVE_INFINITY }) => sessionAt <= voidedAt),
      );
    },
    told: async (client) => {
      await users.remove({ ...clientKeysOf(client), etag: '*' });
    },
  };
};

type Ending = { readonly session: RowKeys; readonly browser: Browser };

const end = async (context: Context, ending: Ending, at: number): Promise<EndedSession | undefined> => {
  const { users, signOuts, random } = context;
  const { browser } = ending;
  const session = { remove: ending.session };
  const event = eventInsert(browser.userKey, { kind: 'signed out', at }, random);
  const ended = { ...keysOf(browser), endedAt: at, keepUntil: at };
  const alone = () => users.write([session, { insert: ended }, event]);
  const first = await alone();
  const outcome = first.kind === 'unknown' ? await alone() : first;
  if (outcome.kind === 'done') return undefined;
  if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  // Somebody must be told, or there is no such session, or the first answer was lost.
  const found = await readBrowser(users, browser);
  if (found === undefined || found.endedAt !== undefined) return undefined;
  const signOut = await signOuts.announce({ ...browser, at });
  const second = await users.write([session, { merge: ended }, event]);
  if (second.kind === 'unknown') throw new Unavailable('storage', { cause: second.cause });
  return second.kind === 'done' ? { clients: found.clients, signOut } : undefined;
};

const untold = async (users: Table, browser: Browser): Promise<readonly SignedInClient[] | undefined> => {
  const found = await readBrowser(users, browser);
  return found?.endedAt === undefined ? undefined : found.clients;
};

/** Undefined for one that signed in nowhere. */
const readBrowser = async (users: Table, browser: Browser) => {
  const { partitionKey, rowKey } = keysOf(browser);
  const rows = await users.range<Columns>(partitionKey, rowKey, `${rowKey};`);
  const own = rows.find((row) => row.rowKey === rowKey);
  return own && { endedAt: own.endedAt, clients: clientsIn(browser.userKey, rows) };
};

const clientsIn = (userKey: Buffer, rows: readonly Row<Columns>[]): readonly SignedInClient[] =>
  rows.flatMap(({ rowKey, clientId, sid }) => {
    const [browserKey = ''] = rowKey.slice(prefix.length).split(':');
    return clientId === undefined || sid === undefined ? [] : [{ userKey, browserKey, clientId, sid }];
  });
