/** A signed authorization request becomes its parameters (RFC 9101 §6). */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import { recognizedIn } from '../../oauth/authorization/authorization-request.ts';
import { pushedSeconds, requestUriOf } from '../../oauth/authorization/pushed-request.ts';
import {
  parametersOf,
  readRequestObject,
  requestTwice,
  unsignedRequest,
} from '../../oauth/authorization/request-object.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { algorithmsOf } from '../../oauth/clients/profile.ts';
import { isSignedBy } from '../../oauth/clients/signed-by-client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { keysOf } from '../clients/client-keys.ts';
import { requireMayAsk } from '../policy/service.ts';

/** The parameters that the client signed; those of the form itself if it signed none. Throws `invalid_request_object`. */
export const signedParameters = async (presented: Parameters, client: Client, server: Server): Promise<Parameters> => {
  const text = presented.get('request');
  if (text === undefined) return presented;
  const object = readRequestObject(text, { client, issuer: server.config.issuer, now: server.clock() });
  const keys = await keysOf(client, object.kid, server);
  if (!(await isSignedBy(text, keys, algorithmsOf(client, client.requestObjectAlgorithm)))) throw unsignedRequest();
  return parametersOf(object, client);
};

/**
 * A request object that a browser brought is kept like a pushed request, and the browser goes on with its name: it is
 * verified once, while it is good, and not again after the person has signed in. Returns what the next address says. Throws
 * `unknown_client`, `unauthorized_client`, `invalid_request_object`, `too_many_requests`, `Unavailable`.
 */
export const keepSignedRequest = async (
  presented: Parameters,
  server: Server,
): Promise<readonly (readonly [string, string])[]> => {
  if (presented.get('request_uri') !== undefined) throw requestTwice();
  const client = await server.clients.resolve(presented.get('client_id') ?? '');
  if (client === undefined) throw new OAuthError('client_unknown', 'the client is not known');
  await requireMayAsk(client, server);
  const { clientId } = client;
  const parameters = await signedParameters(presented, client, server);
  // Whoever has an object that is still good can send it again and again, and must not use up what the client pushes by.
  takeRateLimit('clients', `signed ${clientId}`, server);
  const createdAt = server.clock();
  const requestId = await server.store.pushedRequests.push({
    clientId,
    parameters: recognizedIn(parameters),
    isSigned: true,
    byBrowser: true,
    createdAt,
    expiresAt: createdAt + pushedSeconds,
  });
  return [
    ['client_id', clientId],
    ['request_uri', requestUriOf(requestId)],
  ];
};
