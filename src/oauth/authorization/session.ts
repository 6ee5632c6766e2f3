/** A browser session: a person, signed in upstream, in one browser; and the cookie that names it. */

import type { Person } from '../access/person.ts';
import { base64url, fromBase64url, hmacSha256 } from '../crypto.ts';
import { userKeyLength } from '../tokens/locator.ts';

/** Operators rule, auditors read. */
export type Role = 'operator' | 'auditor';

export type Session = {
  /** 32 bytes; the partition of everything about the person. */
  readonly userKey: Buffer;
  /** The cookie's secret, new at each sign-in; only a hash is stored. */
  readonly secret: Buffer;
  /**
   * Keys the tokens of this browser's forms. A person who signs in again in the same browser keeps it, so that the pages of
   * their other tabs stay good; hashed into the row's name beside `secret`, so nobody can swap it.
   */
  readonly formSecret: Buffer;
  readonly etag: string;
  readonly displayName: string;
  readonly accountName: string;
  /** The same person as the provider put it, for the tokens of resources that may know. */
  readonly person: Person | undefined;
  /** What the person may do for the deployment, by the provider's word at sign-in; undefined for nothing. */
  readonly role: Role | undefined;
  readonly createdAt: number;
  /** When the sign-in that made the session was begun, by our clock. */
  readonly startedAt: number;
  /** When the person last proved who they are, by the upstream provider's word; undefined if it did not say. */
  readonly authTime: number | undefined;
  /** How, by the same word (OpenID Connect Core §2); undefined if it did not say. */
  readonly acr: string | undefined;
  readonly amr: readonly string[] | undefined;
  /** Digest of the authorization request that caused the sign-in, if one did. */
  readonly requestDigest: string | undefined;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  /** The browser's, its system's and its place's name, for the person to recognize it by (`grants/use.ts`). */
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly from: string | undefined;
};

/**
 * The name of this browser's session to one client (`sid` of ID tokens): no two clients can tell by it that they share a
 * person. It stays when the same person signs in again, as the secret of the forms does.
 */
export const sidOf = ({ formSecret }: Pick<Session, 'formSecret'>, clientKey: Buffer): string =>
  base64url(hmacSha256(formSecret, `assent sid ${base64url(clientKey)}`).subarray(0, sidLength));

const sidLength = 16;

/** What the session's cookie holds. */
export type SessionCookie = Pick<Session, 'userKey' | 'secret' | 'formSecret'>;

export const sessionSecretLength = 32;

export const formatSessionCookie = ({ userKey, secret, formSecret }: SessionCookie): string =>
  base64url(Buffer.concat([userKey, secret, formSecret]));

/** The parts of a cookie's value; undefined for anything that is not one. Proves nothing before the row is read. */
export const parseSessionCookie = (text: string): SessionCookie | undefined => {
  const bytes = fromBase64url(text);
  if (bytes?.length !== userKeyLength + 2 * sessionSecretLength) return undefined;
  const formSecretAt = userKeyLength + sessionSecretLength;
  return {
    userKey: bytes.subarray(0, userKeyLength),
    secret: bytes.subarray(userKeyLength, formSecretAt),
    formSecret: bytes.subarray(formSecretAt),
  };
};
