/** Signed authorization requests (RFC 9101): what one must say before anything in it is taken for the client's word. */
import type { JWTPayload } from 'jose';
import type { Client } from '../clients/client.ts';
import { usesFapi } from '../clients/profile.ts';
import { isOfNow, peekedAt, skewSeconds } from '../clients/signed-by-client.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';
import { isParameterText, type Parameters, parametersFrom } from '../parameters.ts';

export type RequestObject = { readonly text: string; readonly kid: string | undefined; readonly claims: JWTPayload };

const invalid = (reason: ReasonOf<'invalid_request_object'>): OAuthError =>
  new OAuthError(reason, 'the request object is not one that is taken here');

/** RFC 9101 §10.8: a JWT that was made for something else is none. */
const types: readonly (string | undefined)[] = [undefined, 'jwt', 'oauth-authz-req+jwt'];

/** What a person has not acted on by then was meant for another day (FAPI 2.0 Message Signing §5.3.1). */
const longestSeconds = 3_600;

/** The object, whose claims fit the client and the time; its signature is still to be checked. Throws `invalid_request_object`. */
export const readRequestObject = (
  text: string,
  { client, issuer, now }: { readonly client: Client; readonly issuer: string; readonly now: number },
): RequestObject => {
  const seen = peekedAt(text);
  if (seen === undefined || !types.includes(seen.typ?.toLowerCase())) throw invalid('request_object_malformed');
  const { claims, kid } = seen;
  const { iss, aud, nbf, client_id: clientId, request, request_uri: requestUri } = claims;
  if (iss !== client.clientId || (clientId !== undefined && clientId !== client.clientId))
    throw invalid('request_object_of_other_client');
  if (![aud ?? []].flat().includes(issuer)) throw invalid('request_object_audience');
  if (!isOfNow(claims, { now, longestSeconds }) || (nbf !== undefined && nbf < now - longestSeconds - skewSeconds))
    throw invalid('request_object_time');
  if (usesFapi(client) && nbf === undefined) throw invalid('request_object_time');
  // RFC 9101 §4.
  if (request !== undefined || requestUri !== undefined) throw invalid('request_object_nested');
  return { text, kid, claims };
};

/** RFC 9101 §5: `request` and `request_uri` are never both there. */
export const requestTwice = (): OAuthError => invalid('request_object_nested');

export const unsignedRequest = (): OAuthError => invalid('request_object_signature');

/** RFC 7519 §4.1: about the object, and no parameters. */
const registered = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id'];

/**
 * Nothing outside of the object counts (RFC 9101 §6.3), so that nobody adds to what the client signed. JSON can say what no
 * form can, and no address of an answer: that is refused. Throws `invalid_request_object`.
 */
export const parametersOf = ({ claims }: RequestObject, { clientId }: Client): Parameters => {
  const pairs = Object.entries(claims).flatMap(([name, value]) =>
    registered.includes(name) ? [] : valuesOf(value).map((one): [string, string] => [name, one]),
  );
  if (!pairs.flat().every(isParameterText)) throw invalid('request_object_malformed');
  return parametersFrom([['client_id', clientId], ...pairs]);
};

/** RFC 9101 §4: numbers and booleans as JSON writes them, objects as JSON; a list of texts repeats the parameter (RFC 8707 §2). */
const valuesOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  return value === null || value === undefined ? [] : [jsonOf(value)];
};

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch {
    // What is nested so deeply can be read, and not written.
    throw invalid('request_object_malformed');
  }
};
