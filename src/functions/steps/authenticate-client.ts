/** Step of the endpoints that services call: who is it, and can it prove that? */
import { requireRoom } from '../../http/endpoint.ts';
import type { Incoming } from '../../http/request.ts';
import type { Client } from '../../oauth/client.ts';
import { credentialsOf, invalidClient, isAuthenticated } from '../../oauth/client-authentication.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { noteEndingSecret } from './note-secret.ts';

/**
 * The client that sent the form. Throws `invalid_client` without telling whether it exists, `invalid_request` for more
 * than one method, `too_many_requests` after too many failures from one address.
 */
export const authenticateClient = async (form: Parameters, request: Incoming, server: Server): Promise<Client> => {
  const credentials = credentialsOf(form, request.header('authorization'));
  const { clients } = server.store;
  const guesser = `${credentials.clientId} ${request.source ?? ''}`;
  if (server.limits.failures.isEmpty(guesser, server.clock()))
    throw new OAuthError('too_many_requests', 'too many failed attempts', { retryAfterSeconds: 5 });

  const proves = (client: Client | undefined): client is Client =>
    client !== undefined && isAuthenticated(client, credentials, server.clock());
  const known = await clients.find(credentials.clientId);
  noteEndingSecret(known, credentials, server);
  if (proves(known)) return known;
  // A secret may have been added since the row was read: look once more before refusing.
  const fresh = known === undefined ? undefined : await clients.findFresh(credentials.clientId);
  if (proves(fresh)) return fresh;
  // Who presents no secret guesses none; libraries that try out which method suits are not locked out for it.
  if (credentials.method !== 'none') requireRoom(server.limits.failures, guesser, server);
  throw invalidClient();
};
