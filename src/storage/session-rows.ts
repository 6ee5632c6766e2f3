/** Where the row of a browser session is, and the name of its browser. */
import type { SessionCookie } from '../oauth/authorization/session.ts';
import { base64url, sha256 } from '../oauth/crypto.ts';
import { partitionOf } from './user-rows.ts';

/** The row is found by both secrets, so a cookie with another form secret names no session. */
export const sessionKeys = (cookie: SessionCookie) => namedSessionKeys(cookie.userKey, sessionIdOf(cookie));

/** The name of a session, which opens nothing: a digest of both secrets. */
export const sessionIdOf = ({ secret, formSecret }: Pick<SessionCookie, 'secret' | 'formSecret'>): string =>
  base64url(sha256(Buffer.concat([secret, formSecret])));

export const namedSessionKeys = (userKey: Buffer, sessionId: string) => ({
  partitionKey: partitionOf(userKey),
  rowKey: `${sessionPrefix}${sessionId}`,
});

export const sessionPrefix = 'session:';

/** The browser of one person: it stays the same while they sign in again there. */
export type Browser = { readonly userKey: Buffer; readonly browserKey: string };

export const browserOf = ({ userKey, formSecret }: Pick<SessionCookie, 'userKey' | 'formSecret'>): Browser => ({
  userKey,
  browserKey: base64url(sha256(formSecret)),
});

/** A session by its name, and the browser that has it. */
export type NamedSession = Browser & { readonly sessionId: string };
