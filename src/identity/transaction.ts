/**
 * What a sign-in must remember while the browser is at the upstream provider. It lives in a cookie of that browser alone:
 * a callback that comes without it belongs to another browser, or to nobody (which is also what stops login CSRF).
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { base64url, equalBytes, fromBase64url, hmacSha256, type Key } from '../oauth/crypto.ts';
import { OAuthError } from '../oauth/errors.ts';

/** Where to go on: a page's name or an authorization request, which is validated again there. Never a URL. */
export type Destination =
  | { readonly page: 'home' | 'authorizations' | 'apps' | 'sessions' | 'my-data' }
  /** With the route of one of its pages, and what its address said. */
  | { readonly page: 'console'; readonly route: string; readonly query: string }
  /** With what the link of an invitation holds. */
  | { readonly page: 'apps-join'; readonly invitation: string }
  /** With what a person has typed, if they have. */
  | { readonly page: 'device'; readonly userCode: string | undefined }
  | { readonly request: readonly (readonly [string, string])[]; readonly digest: string };

export type Transaction = {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Epoch seconds, by our clock. */
  readonly startedAt: number;
  readonly destination: Destination;
};

/** How long a person may take to sign in. */
export const transactionSeconds = 600;

/** Browsers drop cookies of more than 4,096 bytes, name and attributes included. */
const valueLimit = 3_800;
const inflatedLimit = 65_536;

/** When the sign-in began and for which request decides what a session proves, so whoever holds the browser must not choose it. */
const macOf = (value: string, key: Key): Buffer => hmacSha256(key, `assent sign-in ${value}`);

/** `key` is the deployment's own. Throws `invalid_request` when it does not fit into a cookie. */
export const sealTransaction = (transaction: Transaction, key: Key): string => {
  const text = base64url(deflateRawSync(JSON.stringify(transaction)));
  if (text.length > valueLimit)
    throw new OAuthError('request_too_long_for_sign_in', 'the request is too long to sign in for');
  const value = `${text}.${transaction.startedAt.toString(36)}`;
  return `${value}.${base64url(macOf(value, key))}`;
};

/** When a sealed transaction began (epoch seconds), by its own word: good enough to drop the oldest. 0 for anything else. */
export const claimedStart = (sealed: string): number => {
  const [, startedAt = ''] = sealed.split('.');
  return /^[0-9a-z]{1,9}$/.test(startedAt) ? Number.parseInt(startedAt, 36) : 0;
};

/** The transaction of a callback's state; undefined for another state, a value that we did not seal, or one that is over. */
export const openTransaction = (
  sealed: string,
  { state, now, key }: { readonly state: string; readonly now: number; readonly key: Key },
): Transaction | undefined => {
  const [text = '', startedAt = '', mac = '', ...rest] = sealed.split('.');
  const presented = fromBase64url(mac);
  if (rest.length > 0 || presented === undefined) return undefined;
  if (!equalBytes(presented, macOf(`${text}.${startedAt}`, key))) return undefined;
  const inflated = inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: inflatedLimit });
  const transaction = JSON.parse(inflated.toString()) as Transaction;
  return transaction.state === state && now < transaction.startedAt + transactionSeconds ? transaction : undefined;
};
