/** Who asks, and where the answer may go: what has to be proven before a service is told anything. */
import { type ProvenUri, proveRedirect, stateOf } from '../../oauth/authorization/authorization-request.ts';
import { type ResponseMode, responseModeOf } from '../../oauth/authorization/response-mode.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { requireMayAsk } from '../policy/service.ts';

/** Client and redirect URI of a request, proven: from here on there is somebody to answer. */
export type ProvenRedirect = {
  readonly client: Client;
  readonly redirectUri: ProvenUri;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
};

/**
 * `named` hears which client it is about, whatever becomes of it. Throws `unknown_client`, `unproven_redirect` or
 * `unauthorized_client`, which can only become a page (OAuth 2.1 §4.1.2.1).
 */
export const provenRedirect = async (
  parameters: Parameters,
  server: Server,
  named: (client: Client) => void = () => undefined,
): Promise<ProvenRedirect> => {
  const clientId = parameters.get('client_id');
  const { clients } = server;
  const client = clientId === undefined ? undefined : await clients.resolve(clientId);
  if (client === undefined) throw new OAuthError('client_unknown', 'the client is not known');
  named(client);
  const prove = async (known: Client): Promise<ProvenRedirect> => {
    // A page, and no redirect: what was blocked may be a trap, and nobody is sent there.
    await requireMayAsk(known, server);
    const proven = { client: known, redirectUri: provenUri(parameters, known) };
    return { ...proven, state: stateOf(parameters), responseMode: responseModeOf(parameters, proven) };
  };
  try {
    return await prove(client);
  } catch (error) {
    // The redirect URI may have been registered, or the service let go, since the row was read.
    const fresh = await clients.resolveFresh(client.clientId);
    if (fresh === undefined) throw error;
    return prove(fresh);
  }
};

const provenUri = (parameters: Parameters, client: Client): ProvenUri => {
  try {
    return proveRedirect(parameters, client);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'invalid_request') throw error;
    throw new OAuthError('redirect_uri_unreadable', error.description, { cause: error });
  }
};
