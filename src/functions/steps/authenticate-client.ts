/** Step of the endpoints that services call: who is it, and can it prove that? */
import type { Incoming } from '../../http/request.ts';
import { type Client, isConfidential } from '../../oauth/client.ts';
import { type Credentials, credentialsOf, invalidClient, isAuthenticated } from '../../oauth/client-authentication.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { noteEndingSecret } from './note-secret.ts';

/**
 * The client that sent the form. Throws `invalid_client` without telling whether it exists, `invalid_request` for more
 * than one method, and `too_many_requests` in place of `invalid_client` after too many wrong secrets from one address.
 * The right secret passes whatever else was sent from there: many clients may share an address, and secrets of 256 bits are
 * not found by guessing.
 */
export const authenticateClient = async (form: Parameters, request: Incoming, server: Server): Promise<Client> => {
  const credentials = credentialsOf(form, request.header('authorization'));
  const { clients } = server;
  const proves = (client: Client | undefined): client is Client =>
    client !== undefined && isAuthenticated(client, credentials, server.clock());
  const known = await clients.resolve(credentials.clientId);
  noteEndingSecret(known, credentials, server);
  if (proves(known)) return known;
  // A secret may have been added since the row was read: look once more before refusing.
  const fresh = known === undefined ? undefined : await clients.resolveFresh(credentials.clientId);
  if (proves(fresh)) return fresh;
  if (isGuess(credentials, fresh)) countFailure(`${credentials.clientId} ${request.source ?? ''}`, server);
  throw invalidClient();
};

/** Who presents no secret guesses none, and a public client has none to guess. */
const isGuess = ({ method }: Credentials, client: Client | undefined): boolean =>
  method !== 'none' && (client === undefined || isConfidential(client));

const countFailure = (guesser: string, server: Server): void => {
  if (!server.limits.failures.take(guesser, server.clock()))
    throw new OAuthError('too_many_requests', 'too many failed attempts', { retryAfterSeconds: 5 });
};
