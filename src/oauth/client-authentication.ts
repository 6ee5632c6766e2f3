/** How a client proves itself at the token, revocation and introspection endpoints (RFC 6749 §2.3, OAuth 2.1 §2.4). */
import { type AuthenticationMethod, type Client, isSecretOf } from './client.ts';
import { OAuthError } from './errors.ts';
import { decodeFormPart, type Parameters } from './parameters.ts';

export type Credentials = {
  readonly clientId: string;
  readonly method: AuthenticationMethod;
  readonly secret: string | undefined;
};

const invalidClient = (): OAuthError => new OAuthError('invalid_client', 'client authentication failed');

/** What the request presents. Throws `invalid_request` or `invalid_client`; one method at a time (RFC 6749 §2.3). */
export const credentialsOf = (form: Parameters, authorization: string | undefined): Credentials => {
  if (form.get('client_assertion') !== undefined || form.get('client_assertion_type') !== undefined)
    throw new OAuthError('invalid_client', 'client assertions are not supported');
  const [clientId, secret] = [form.get('client_id'), form.get('client_secret')];
  // Whoever sends a secret without a value means to prove something and does not: never taken for a client without one.
  const sendsSecret = form.names.includes('client_secret');
  if (authorization !== undefined) {
    const basic = basicCredentials(authorization);
    if (sendsSecret) throw new OAuthError('invalid_request', 'the client authenticates in more than one way');
    if (clientId !== undefined && clientId !== basic.clientId)
      throw new OAuthError('invalid_request', 'client_id differs from the one that authenticates');
    return basic;
  }
  if (clientId === undefined) throw new OAuthError('invalid_client', 'the client must say who it is');
  return { clientId, method: sendsSecret ? 'client_secret_post' : 'none', secret };
};

/** RFC 6749 §2.3.1: both parts are form-encoded before they are put together. */
const basicCredentials = (authorization: string): Credentials => {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw invalidClient();
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const clientId = decodeFormPart(pair.slice(0, Math.max(0, colon)));
  const secret = decodeFormPart(pair.slice(colon + 1));
  if (colon < 1 || clientId === undefined || secret === undefined) throw invalidClient();
  return { clientId, method: 'client_secret_basic', secret };
};

/** True if the client proves itself by the very method that it is registered with, and no other. */
export const isAuthenticated = (client: Client, credentials: Credentials, now: number): boolean => {
  if (client.authenticationMethod !== credentials.method) return false;
  if (credentials.method === 'none') return true;
  return credentials.secret !== undefined && credentials.secret !== '' && isSecretOf(client, credentials.secret, now);
};

export { invalidClient };
