/** Access tokens: JWTs in the profile of RFC 9068. */
import { createLocalJWKSet, type JWK, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose';
import type { AuthorizationDetail } from '../access/details.ts';
import { personClaimsIn } from '../access/person.ts';
import { audienceOf, type Target } from '../access/target.ts';
import { base64url, fromBase64url, type Random } from '../crypto.ts';

/** RFC 9068 §2.1 */
export const accessTokenType = 'at+jwt';

/** Who acts for the subject, and who did so before (RFC 8693 §4.1). */
export type Actor = { readonly sub: string; readonly client_id: string; readonly act?: Actor };

export type AccessTokenSubject = Target & {
  readonly clientId: string;
  /** A person's opaque identifier, or the client_id when the client acts for itself (RFC 9068 §2.2). */
  readonly subject: string;
  /** Names the family; absent without one. */
  readonly sessionId?: string;
  /** When and how the person signed in (RFC 9470 §6.2). */
  readonly authTime?: number | undefined;
  readonly acr?: string | undefined;
  /** Thumbprint of the key that it is bound to (RFC 9449 §6.1). */
  readonly jkt?: string | undefined;
  /** The client whose token it was exchanged for (RFC 8693); absent in all others. */
  readonly grantedTo?: string;
  readonly actor?: Actor | undefined;
  /** When what it was made from expires. */
  readonly expiresAt?: number;
  /** What the resources may know of the person, by the names in the token. */
  readonly personClaims?: Readonly<Record<string, unknown>>;
};

/** RFC 9068 §2.2. */
export const accessTokenClaims = (
  token: AccessTokenSubject,
  { issuer, now, lifetimeSeconds, random }: { issuer: string; now: number; lifetimeSeconds: number; random: Random },
): Readonly<Record<string, unknown>> => ({
  ...token.personClaims,
  iss: issuer,
  sub: token.subject,
  aud: audienceOf(token.resources),
  client_id: token.clientId,
  // RFC 6749 §3.3: no scope is no empty list.
  ...(token.scopes.length === 0 ? {} : { scope: token.scopes.join(' ') }),
  ...(token.details === undefined ? {} : { authorization_details: token.details }),
  iat: now,
  exp: Math.min(now + lifetimeSeconds, token.expiresAt ?? Number.POSITIVE_INFINITY),
  jti: base64url(random(16)),
  ...(token.sessionId === undefined ? {} : { sid: token.sessionId }),
  ...(token.authTime === undefined ? {} : { auth_time: token.authTime }),
  ...(token.acr === undefined ? {} : { acr: token.acr }),
  ...(token.jkt === undefined ? {} : { cnf: { jkt: token.jkt } }),
  ...(token.grantedTo === undefined ? {} : { granted_to: token.grantedTo }),
  ...(token.actor === undefined ? {} : { act: token.actor }),
});

export type AccessToken = {
  readonly subject: string;
  readonly audience: readonly string[];
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly details: readonly AuthorizationDetail[] | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly jti: string;
  readonly sessionId: string | undefined;
  readonly jkt: string | undefined;
  readonly authTime: number | undefined;
  readonly acr: string | undefined;
  /** The client that has the session, where the token was exchanged for one of its tokens; undefined for all others. */
  readonly grantedTo: string | undefined;
  readonly actor: Actor | undefined;
  readonly personClaims: Readonly<Record<string, unknown>>;
};

export type Verification = {
  readonly issuer: string;
  readonly keys: readonly JWK[];
  /** Those that we sign with (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  readonly now: number;
};

/** One of our own tokens, verified (RFC 9068 §4, RFC 8725 §3); undefined for anything else. */
export const verifyAccessToken = async (token: string, options: Verification): Promise<AccessToken | undefined> => {
  // A second spelling of the same token would slip past whoever remembers tokens by their text (RFC 4648 §3.5).
  if (token.split('.').some((part) => fromBase64url(part) === undefined)) return undefined;
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...options.keys] }), {
      issuer: options.issuer,
      typ: accessTokenType,
      algorithms: [...options.algorithms],
      requiredClaims: ['sub', 'aud', 'client_id', 'exp', 'iat', 'jti'],
      currentDate: new Date(options.now * 1000),
    });
    return accessTokenFrom(payload);
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
};

const textIn = (claim: unknown): string | undefined => (typeof claim === 'string' ? claim : undefined);

const accessTokenFrom = (payload: JWTPayload): AccessToken => ({
  subject: String(payload.sub),
  audience: [payload.aud ?? []].flat(),
  clientId: String(payload.client_id),
  scopes: String(payload.scope ?? '')
    .split(' ')
    .filter((scope) => scope !== ''),
  // As the other claims: only we have signed it.
  details: payload.authorization_details as readonly AuthorizationDetail[] | undefined,
  issuedAt: Number(payload.iat),
  expiresAt: Number(payload.exp),
  jti: String(payload.jti),
  jkt: jktIn(payload.cnf),
  sessionId: textIn(payload.sid),
  authTime: typeof payload.auth_time === 'number' ? payload.auth_time : undefined,
  acr: textIn(payload.acr),
  grantedTo: textIn(payload.granted_to),
  // Only we have signed it.
  actor: payload.act as Actor | undefined,
  personClaims: personClaimsIn(payload),
});

const jktIn = (confirmation: unknown): string | undefined => {
  const { jkt } = (confirmation ?? {}) as { readonly jkt?: unknown };
  return typeof jkt === 'string' ? jkt : undefined;
};
