/** A client pushes its authorization request (RFC 9126 §2). */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import {
  parseAuthorizationRequest,
  proveRedirect,
  recognizedIn,
} from '../../oauth/authorization/authorization-request.ts';
import { pushedSeconds, requestUriOf } from '../../oauth/authorization/pushed-request.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { usesFapi } from '../../oauth/clients/profile.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { signedParameters } from './request-object.ts';

/** Of what goes on in addresses and tokens. */
const lengthLimit = 4_096;
const limited = ['state', 'nonce', 'login_hint', 'acr_values'];

/** A property of Table Storage holds 32,768 characters. */
const totalLimit = 30_000;

type Push = {
  readonly form: Parameters;
  readonly client: Client;
  /** Thumbprint of the key that the push was proven by: the code is bound to it (RFC 9449 §10.1). */
  readonly jkt: string | undefined;
};

/**
 * Stores what the authenticated client asks for, and returns its name. Everything that /authorize would refuse is refused
 * here, where the client reads it. Throws those `OAuthError`s, `too_many_requests`, `Unavailable`.
 */
export const pushRequest = async (
  { form: presented, client, jkt }: Push,
  server: Server,
): Promise<{ readonly requestUri: string; readonly expiresIn: number }> => {
  // RFC 9126 §2.1.
  if (presented.get('request_uri') !== undefined)
    throw new OAuthError('request_uri_pushed', 'request_uri cannot be pushed');
  const form = await signedParameters(presented, client, server);
  const isSigned = form !== presented;
  const arrived = { isPushed: true, isSigned };
  const redirectUri = redirectUriIn(form, client);
  parseAuthorizationRequest(
    form,
    { client, redirectUri, pushed: undefined, arrived, requirePushed: false },
    server.resources,
  );
  // Whoever authenticates by an assertion need not say its client_id beside it.
  const parameters = withKey([...unnamed(form), ['client_id', client.clientId]], jkt);
  requireBounded(parameters);
  // Each is a row: one client must not fill the table.
  takeRateLimit('clients', `push ${client.clientId}`, server);
  const createdAt = server.clock();
  const requestId = await server.store.pushedRequests.push({
    clientId: client.clientId,
    parameters,
    isSigned,
    byBrowser: false,
    createdAt,
    expiresAt: createdAt + pushedSeconds,
  });
  return { requestUri: requestUriOf(requestId), expiresIn: pushedSeconds };
};

/** RFC 9126 §2.3: it is the client that reads this, and no person. */
const redirectUriIn = (form: Parameters, client: Client) => {
  // FAPI 2.0 §5.3.2.2.
  if (usesFapi(client) && form.get('redirect_uri') === undefined)
    throw new OAuthError('pushed_redirect_uri', 'redirect_uri is required');
  try {
    return proveRedirect(form, client);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'unproven_redirect') throw error;
    throw new OAuthError('pushed_redirect_uri', error.description, { cause: error });
  }
};

type Pairs = ReturnType<typeof recognizedIn>;

const unnamed = (form: Parameters): Pairs => recognizedIn(form).filter(([name]) => name !== 'client_id');

const withKey = (parameters: Pairs, jkt: string | undefined): Pairs => {
  if (jkt === undefined) return parameters;
  const named = parameters.find(([name]) => name === 'dpop_jkt')?.[1];
  if (named !== undefined && named !== jkt)
    throw new OAuthError('dpop_key_differs_from_push', 'dpop_jkt is not the key of the DPoP proof');
  return named === undefined ? [...parameters, ['dpop_jkt', jkt]] : parameters;
};

/** No address bounds what is pushed. */
const requireBounded = (parameters: Pairs): void => {
  const long = parameters.find(([name, value]) => limited.includes(name) && value.length > lengthLimit)?.[0];
  if (long !== undefined) throw new OAuthError('request_too_long', `${long} is longer than ${lengthLimit} characters`);
  if (JSON.stringify(parameters).length > totalLimit)
    throw new OAuthError('request_too_long', `the request is longer than ${totalLimit} characters`);
};
