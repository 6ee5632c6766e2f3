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
  // A secret without a value is none, in the body as in the header (RFC 6749 §2.3.1, §3.2).
  const [clientId, secret] = [form.get('client_id'), form.get('client_secret')];
  if (authorization !== undefined) {
    const basic = basicCredentials(authorization);
    if (secret !== undefined) throw new OAuthError('invalid_request', 'the client authenticates in more than one way');
    if (clientId !== undefined && clientId !== basic.clientId)
      throw new OAuthError('invalid_request', 'client_id differs from the one that authenticates');
    return basic;
  }
  if (clientId === undefined) throw new OAuthError('invalid_client', 'the client must say who it is');
  return { clientId, method: secret === undefined ? 'none' : 'client_secret_post', secret };
};

/** RFC 6749 §2.3.1: both parts are form-encoded before they are put together. Some libraries send clients without a secret so, too. */
const basicCredentials = (authorization: string): Credentials => {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw invalidClient();
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const clientId = decodeFormPart(pair.slice(0, Math.max(0, colon)));
  const secret = decodeFormPart(pair.slice(colon + 1));
  if (colon < 1 || clientId === undefined || secret === undefined) throw invalidClient();
  return secret === ''
    ? { clientId, method: 'none', secret: undefined }
    : { clientId, method: 'client_secret_basic', secret };
};

/**
 * Registered method -> methods by which such a client may prove itself. A secret is as good in the header as in the body:
 * most libraries know one way only, and refusing the other keeps nobody out who has it.
 */
const acceptable: Readonly<Record<AuthenticationMethod, readonly AuthenticationMethod[]>> = {
  client_secret_basic: ['client_secret_basic', 'client_secret_post'],
  client_secret_post: ['client_secret_basic', 'client_secret_post'],
  none: ['none'],
};

/** True if the client proves itself, or has nothing to prove and does not try. */
export const isAuthenticated = (client: Client, { method, secret }: Credentials, now: number): boolean =>
  acceptable[client.authenticationMethod].includes(method) &&
  (method === 'none' || (secret !== undefined && isSecretOf(client, secret, now)));

export { invalidClient };
