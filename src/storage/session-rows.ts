/** Where the row of a browser session is, and the name of its browser. */
import type { SessionCookie } from '../oauth/authorization/session.ts';
import { base64url, sha256 } from '../oauth/crypto.ts';
import { partitionOf } from './user-rows.ts';

/** The row is found by both secrets, so a cookie with another form secret names no session. */
export const sessionKeys = ({ userKey, secret, formSecret }: SessionCookie) => ({
  partitionKey: partitionOf(userKey),
  rowKey: `session:${base64url(sha256(Buffer.concat([secret, formSecret])))}`,
});

/** The browser of one person: it stays the same while they sign in again there. */
export type Browser = { readonly userKey: Buffer; readonly browserKey: string };

export const browserOf = ({ userKey, formSecret }: Pick<SessionCookie, 'userKey' | 'formSecret'>): Browser => ({
  userKey,
  browserKey: base64url(sha256(formSecret)),
});
