/** Browser sessions and profiles (rows: see `user-rows.ts`). The cookie names the row; the row holds a hash of its secret. */

import type { Person } from '../oauth/access/person.ts';
import {
  formatSessionCookie,
  parseSessionCookie,
  type Role,
  type Session,
  type SessionCookie,
  sessionSecretLength,
} from '../oauth/authorization/session.ts';
import type { Clock, Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Change } from './change.ts';
import { type Column, json, named, optional, rowOf, seconds, text } from './columns.ts';
import { createKept, type Kept, type KeptOptions } from './kept.ts';
import { type OwnSession, type OwnSessions, readOwnSession, readOwnSessions } from './own-sessions.ts';
import { browserOf, sessionKeys as keysOf } from './session-rows.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';
import { eventInsert, partitionOf } from './user-rows.ts';

/** Rows from before there were auditors have a flag, and instances from then look for it. */
const role: Column<Role | undefined> = {
  write: (cells, name, value) => {
    if (value !== undefined) cells[name] = value;
    cells.isOperator = value === 'operator';
  },
  read: (name, row) => (row[name] as Role | undefined) ?? (row.isOperator === true ? 'operator' : undefined),
};

const columns = rowOf({
  displayName: text(),
  accountName: text(),
  person: optional(json<Person>()),
  role,
  createdAt: seconds,
  startedAt: seconds,
  authTime: optional(seconds),
  acr: optional(text()),
  amr: optional(json<readonly string[]>()),
  requestDigest: optional(text()),
  idleExpiresAt: seconds,
  absoluteExpiresAt: seconds,
  browser: optional(text()),
  system: optional(text()),
  from: named('signedInFrom', optional(text())),
});

type SessionColumns = Readonly<Record<string, unknown>>;

type NewSession = Omit<Session, 'secret' | 'formSecret' | 'etag'> & {
  /** Where mails to the person go (`mails.ts`). */
  readonly mailbox: { readonly address: string; readonly language: string };
};

type NamedAt = { readonly userKey: Buffer; readonly sessionId: string; readonly now: number };

export type Sessions = {
  /**
   * Stores a new session and the person's profile. Returns the cookie's value. `former`, the same person's session in the
   * same browser, ends with it and leaves it the secret of its forms.
   */
  start(session: NewSession, former?: Session): Promise<string>;
  /** The session of a cookie's value; undefined when there is none (expiry is the caller's to check). */
  read(cookie: string): Promise<Session | undefined>;
  /** Remembers the session as it was when this page was made: it holds the token, and will be sent once. */
  keepCopy(session: Session, token: string): void;
  /** As it was then, if this instance knows; nobody else gets it. Proves nothing but under its ETag (`Addition`). */
  takeCopy(cookie: string, token: string): Session | undefined;
  /** Moves the idle expiry, and gives the session as it is then; losing to another request of the same browser is fine. */
  prolong(session: Session, idleExpiresAt: number): Promise<Session>;
  /** Those of the person that are alive at `now` (epoch seconds). Three calls at most. Throws `Unavailable`. */
  ofPerson(userKey: Buffer, now: number): Promise<OwnSessions>;
  /** The one of this name, if it is alive. One call. Throws `Unavailable`. */
  named(session: NamedAt): Promise<OwnSession | undefined>;
  /** When the person signed in first after `at` (epoch seconds), as far as that is remembered; undefined if never. */
  returnedAfter(userKey: Buffer, at: number): Promise<number | undefined>;
  /** True if the person has ever signed in. */
  isKnown(userKey: Buffer): Promise<boolean>;
  /** Removes the session of a cookie, of which nobody is told (`browsers.ts` ends one that clients know of). Fine when there is none. */
  end(cookie: string): Promise<void>;
};

type Context = { readonly users: Table; readonly random: Random; readonly copies: Kept<Session> };
type Options = { readonly random: Random; readonly clock: Clock; readonly copies: Omit<KeptOptions, 'clock'> };
type ProfileColumns = { readonly firstSignInAt?: number; readonly lastSignInAt?: number };

export const openSessions = (users: Table, { random, clock, copies }: Options): Sessions => {
  const context = { users, random, copies: createKept<Session>({ clock, ...copies }) };
  return {
    start: (session, former) => start(context, session, former),
    read: (cookie) => read(context, cookie),
    keepCopy: (session, token) => context.copies.put(copyKeyOf(session, token), session),
    takeCopy: (cookie, token) => {
      const parts = parseSessionCookie(cookie);
      return parts && context.copies.take(copyKeyOf(parts, token));
    },
    prolong: (session, idleExpiresAt) => prolong(context, session, idleExpiresAt),
    ofPerson: (userKey, now) => readOwnSessions(users, userKey, now),
    named: (session) => readOwnSession(users, session),
    returnedAfter: async (userKey, at) => {
      const { firstSignInAt, lastSignInAt } = (await users.read<ProfileColumns>(partitionOf(userKey), 'profile')) ?? {};
      return [firstSignInAt, lastSignInAt].find((one) => one !== undefined && one > at);
    },
    isKnown: async (userKey) => (await users.read(partitionOf(userKey), 'profile')) !== undefined,
    end: (cookie) => end(context, cookie),
  };
};

const start = async (context: Context, session: NewSession, former?: Session): Promise<string> => {
  const secret = context.random(sessionSecretLength);
  const formSecret = former?.formSecret ?? context.random(sessionSecretLength);
  const cookie = { userKey: session.userKey, secret, formSecret };
  const { browserKey } = browserOf(cookie);
  const insert = { ...keysOf(cookie), ...columnsOf(session), browserKey };
  // A known person costs one write. The first sign-in finds no profile to merge into; the first two may race.
  const profile = profileRow(session);
  const attempts: readonly (readonly Change[])[] = [
    ...(former === undefined ? [] : [[{ merge: profile }, { merge: endedRow(former, session.createdAt) }]]),
    [{ merge: profile }],
    [{ insert: { ...profile, firstSignInAt: session.createdAt } }],
    [{ merge: profile }],
  ];
  const event = eventInsert(session.userKey, { kind: 'signed in', at: session.createdAt }, context.random);
  for (const attempt of attempts)
    if (await isStored(context, insert, [...attempt, event])) return formatSessionCookie(cookie);
  throw new Unavailable('storage');
};

type NewRow = ReturnType<typeof keysOf> & ReturnType<typeof columnsOf> & { readonly browserKey: string };

const isStored = async ({ users }: Context, insert: NewRow, others: readonly Change[]): Promise<boolean> => {
  const settled = await settle<undefined>({
    attempt: () => users.write([{ insert }, ...others]),
    readBack: async () => ({ whose: (await users.read(insert.partitionKey, insert.rowKey)) ? 'ours' : 'nobody' }),
    // A session whose secret nobody got to know may land late: there is nothing to fence.
    fence: async () => ({ kind: 'done' }),
  });
  return settled.result === 'done';
};

/** Of one session and one page, whose token ends with what was made of all of it. */
const copyKeyOf = (cookie: SessionCookie, token: string): string =>
  `${keysOf(cookie).rowKey} ${token.slice(token.lastIndexOf('.'))}`;

const read = async ({ users }: Context, cookie: string): Promise<Session | undefined> => {
  const parts = parseSessionCookie(cookie);
  if (parts === undefined) return undefined;
  const { partitionKey, rowKey } = keysOf(parts);
  const row = await users.read<SessionColumns>(partitionKey, rowKey);
  return row && sessionFrom(row, parts);
};

const prolong = async ({ users }: Context, session: Session, idleExpiresAt: number): Promise<Session> => {
  const prolonged = { ...session, idleExpiresAt };
  const row = { ...keysOf(session), ...columnsOf(prolonged) };
  const outcome = await users.write([{ update: row, etag: session.etag }]);
  return outcome.kind === 'done' ? { ...prolonged, etag: outcome.etag ?? session.etag } : session;
};

const end = async ({ users }: Context, cookie: string): Promise<void> => {
  const parts = parseSessionCookie(cookie);
  if (parts === undefined) return;
  const row = { ...keysOf(parts), etag: '*' };
  const first = await users.remove(row);
  const outcome = first.kind === 'unknown' ? await users.remove(row) : first;
  if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
};

/** Over at once; the sweep takes it. */
const endedRow = (session: Session, at: number) => ({
  ...keysOf(session),
  idleExpiresAt: at,
  absoluteExpiresAt: at,
  keepUntil: at,
});

const profileRow = ({ userKey, displayName, accountName, createdAt, mailbox }: NewSession) => ({
  partitionKey: partitionOf(userKey),
  rowKey: 'profile',
  displayName,
  accountName,
  lastSignInAt: createdAt,
  mailAddress: mailbox.address,
  mailLanguage: mailbox.language,
});

const columnsOf = (session: Omit<NewSession, 'mailbox'>) => ({
  ...columns.write(session),
  keepUntil: session.absoluteExpiresAt,
});

const sessionFrom = (row: Row<SessionColumns>, parts: SessionCookie): Session => ({
  ...parts,
  etag: row.etag,
  ...columns.read(row),
});
