/** Client assertions (RFC 7521 §4.2, RFC 7523 §3): what a client says of itself, before anything is proven. */
import type { JWTPayload } from 'jose';
import type { Parameters } from '../parameters.ts';
import { invalidClient } from './client-authentication.ts';
import { isOfNow, peekedAt } from './signed-by-client.ts';

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type Assertion = {
  readonly text: string;
  readonly kid: string | undefined;
  readonly claims: JWTPayload;
};

/** What is no assertion may look like one: a token of ours, a proof, a request object (RFC 8725 §3.11). */
const types: readonly (string | undefined)[] = [undefined, 'jwt', 'client-authentication+jwt'];

/** The assertion in the form; undefined without one. Throws `invalid_client`. */
export const assertionIn = (form: Parameters): Assertion | undefined => {
  const [text, type] = [form.get('client_assertion'), form.get('client_assertion_type')];
  if (text === undefined && type === undefined) return undefined;
  if (text === undefined || type !== jwtBearer) throw invalidClient('client_assertion_unsupported');
  const seen = peekedAt(text);
  if (seen === undefined || !types.includes(seen.typ?.toLowerCase())) throw invalidClient('client_assertion_malformed');
  return { text, kid: seen.kid, claims: seen.claims };
};

/** Nobody needs more for one request; what is stolen from a log is soon worth nothing. */
const longestSeconds = 3_600;
const jtiLimit = 256;

/** The checks of RFC 7523 §3 that need neither client nor key. Throws `invalid_client`. */
export const requireOwnAssertion = ({ claims }: Assertion, now: number): void => {
  const { iss, sub, jti } = claims;
  if (typeof iss !== 'string' || iss !== sub) throw invalidClient('client_assertion_issuer');
  if (!isOfNow(claims, { now, longestSeconds })) throw invalidClient('client_assertion_time');
  if (typeof jti !== 'string' || jti === '' || jti.length > jtiLimit) throw invalidClient('client_assertion_jti');
};

/**
 * The issuer and nothing else: what was made for another server, or for an address that another server gave out, is not for
 * us (draft-ietf-oauth-rfc7523bis, FAPI 2.0 §5.3.2.1). For a client that was registered so, also the token endpoint (OpenID
 * Connect Core §9).
 */
export const isForUs = (
  { aud }: JWTPayload,
  { issuer, takesEndpoint }: { readonly issuer: string; readonly takesEndpoint: boolean },
): boolean => {
  if (aud === issuer) return true;
  if (!takesEndpoint) return false;
  const accepted = [issuer, `${issuer}/`, `${issuer}/token`, `${issuer}/par`];
  return [aud ?? []].flat().some((one) => accepted.includes(one));
};
