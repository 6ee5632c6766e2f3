/**
 * What a sign-in must remember while the browser is at the upstream provider. It lives in a cookie of that browser alone:
 * a callback that comes without it belongs to another browser, or to nobody (which is also what stops login CSRF).
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { base64url, fromBase64url, sha256 } from '../oauth/crypto.ts';
import { OAuthError } from '../oauth/errors.ts';

/** Where to go on: a page's name or an authorization request, which is validated again there. Never a URL. */
export type Destination =
  | { readonly page: 'home' | 'authorizations' }
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

/** The cookie's name for a state: several tabs may sign in at once. */
export const transactionName = (state: string): string => `signin-${base64url(sha256(state)).slice(0, 16)}`;

/** Throws `invalid_request` when it does not fit into a cookie. */
export const sealTransaction = (transaction: Transaction): string => {
  const value = base64url(deflateRawSync(JSON.stringify(transaction)));
  if (value.length > valueLimit) throw new OAuthError('invalid_request', 'the request is too long to sign in for');
  return value;
};

/** The transaction of a callback's state; undefined for another state, a broken value, or one that is over. */
export const openTransaction = (value: string, state: string, now: number): Transaction | undefined => {
  const bytes = fromBase64url(value);
  if (bytes === undefined) return undefined;
  try {
    const inflated = inflateRawSync(bytes, { maxOutputLength: inflatedLimit });
    const transaction = JSON.parse(inflated.toString()) as Transaction;
    return transaction.state === state && now < transaction.startedAt + transactionSeconds ? transaction : undefined;
  } catch {
    return undefined;
  }
};
