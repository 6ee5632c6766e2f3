/** A client pushes its authorization request (RFC 9126 §2). */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import {
  parseAuthorizationRequest,
  proveRedirect,
  recognizedIn,
} from '../../oauth/authorization/authorization-request.ts';
import { pushedSeconds, requestUriOf } from '../../oauth/authorization/pushed-request.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';

const stateLimit = 4_096;

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
  { form, client, jkt }: Push,
  server: Server,
): Promise<{ readonly requestUri: string; readonly expiresIn: number }> => {
  // RFC 9126 §2.1.
  if (form.get('request_uri') !== undefined) throw new OAuthError('request_uri_pushed', 'request_uri cannot be pushed');
  const proven = { client, redirectUri: redirectUriIn(form, client), pushed: undefined, requirePushed: false };
  parseAuthorizationRequest(
    form,
    { ...proven, client: { ...client, requiresPushedRequests: false } },
    server.resources,
  );
  // It comes back in an address.
  if ((form.get('state')?.length ?? 0) > stateLimit)
    throw new OAuthError('request_too_long', `state is longer than ${stateLimit} characters`);
  // Each is a row: one client must not fill the table.
  takeRateLimit('clients', `push ${client.clientId}`, server);
  const createdAt = server.clock();
  const requestId = await server.store.pushedRequests.push({
    clientId: client.clientId,
    parameters: withKey(recognizedIn(form), jkt),
    createdAt,
    expiresAt: createdAt + pushedSeconds,
  });
  return { requestUri: requestUriOf(requestId), expiresIn: pushedSeconds };
};

/** RFC 9126 §2.3: it is the client that reads this, and no person. */
const redirectUriIn = (form: Parameters, client: Client) => {
  try {
    return proveRedirect(form, client);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'unproven_redirect') throw error;
    throw new OAuthError('pushed_redirect_uri', error.description, { cause: error });
  }
};

type Pairs = ReturnType<typeof recognizedIn>;

const withKey = (parameters: Pairs, jkt: string | undefined): Pairs => {
  if (jkt === undefined) return parameters;
  const named = parameters.find(([name]) => name === 'dpop_jkt')?.[1];
  if (named !== undefined && named !== jkt)
    throw new OAuthError('dpop_key_differs_from_push', 'dpop_jkt is not the key of the DPoP proof');
  return named === undefined ? [...parameters, ['dpop_jkt', jkt]] : parameters;
};
