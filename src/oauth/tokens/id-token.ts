/** ID tokens: what a service learns of a sign-in (OpenID Connect Core §2, §3.1.3.6, §12.2). */
import { toldClaims } from '../access/identity-claims.ts';
import { base64url, sha256 } from '../crypto.ts';
import type { Family } from '../grants/family.ts';

export const idTokenType = 'JWT';

type Issue = {
  readonly issuer: string;
  readonly subject: string;
  readonly accessToken: string;
  /** Of the access token: the claims that the person allows are told by them. */
  readonly scopes: readonly string[];
  /** Epoch seconds. */
  readonly now: number;
  readonly lifetimeSeconds: number;
  /** Undefined for a refresh: §12.2 asks not to repeat it. */
  readonly nonce: string | undefined;
};

/** What is undefined is left out when it is written. */
export const idTokenClaims = (
  { clientId, authTime, acr, amr, person, openid }: Family,
  { issuer, subject, accessToken, scopes, now, lifetimeSeconds, nonce }: Issue,
): Readonly<Record<string, unknown>> => ({
  ...toldClaims(person, openid?.idTokenClaims ?? [], scopes),
  iss: issuer,
  sub: subject,
  aud: clientId,
  exp: now + lifetimeSeconds,
  iat: now,
  auth_time: authTime,
  nonce,
  acr,
  amr,
  sid: openid?.sid,
  at_hash: leftHalfOfHash(accessToken),
});

/** §3.1.3.6: by the hash of the token's own algorithm, which is SHA-256 for all that we sign with. */
const leftHalfOfHash = (text: string): string => base64url(sha256(text).subarray(0, 16));

/** Claims of ours in ID tokens, beside those that people allow. */
export const idTokenClaimNames = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'sid',
  'at_hash',
] as const;
