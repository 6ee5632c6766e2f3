/** What a service asks when it wants a person signed out (OpenID Connect RP-Initiated Logout §2), and what is proven of it. */
import { withParameters } from '../../oauth/authorization/redirect-uri.ts';
import { type Session, sidOf } from '../../oauth/authorization/session.ts';
import { type Client, requireUnblocked } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { IdTokenHint } from '../../oauth/tokens/id-token-hint.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { readHint } from '../authorization/read-hint.ts';

export type LogoutRequest = {
  /** Who asks; undefined if the request does not say. */
  readonly client: Client | undefined;
  readonly hint: IdTokenHint | undefined;
  /** Where the person goes on, with the state that is to come back: an address that is registered for the client. */
  readonly returnTo: string | undefined;
  /** The parameters that travel through a page that asks first. */
  readonly parameters: readonly (readonly [string, string])[];
};

const travelling = ['post_logout_redirect_uri', 'state', 'ui_locales'];

/** Those that we act on. */
export const logoutParameters: readonly string[] = ['id_token_hint', 'client_id', ...travelling];

/**
 * Throws `invalid_request`, `unknown_client`, `unproven_redirect`, `unauthorized_client`, which can only become a page, and
 * `Unavailable`. `logout_hint` means nothing here.
 */
export const logoutRequest = async (parameters: Parameters, server: Server): Promise<LogoutRequest> => {
  parameters.rejectDuplicates([]);
  const [named, text, uri] = ['client_id', 'id_token_hint', 'post_logout_redirect_uri'].map((name) =>
    parameters.get(name),
  );
  const hint = text === undefined ? undefined : await readHint(text, named, server);
  const clientId = named ?? hint?.clientIds[0];
  const client = clientId === undefined ? undefined : await knownClient(clientId, uri, server);
  const returnTo = uri === undefined ? undefined : withState(provenPlace(uri, client), parameters.get('state'));
  const kept = parameters.readable().filter(([name]) => travelling.includes(name));
  return { client, hint, returnTo, parameters: clientId === undefined ? kept : [['client_id', clientId], ...kept] };
};

/** Read anew if the address may have been registered since. */
const knownClient = async (clientId: string, uri: string | undefined, { clients }: Server): Promise<Client> => {
  const cached = await clients.resolve(clientId);
  const isSettled = cached !== undefined && (uri === undefined || cached.postLogoutRedirectUris.includes(uri));
  const client = isSettled ? cached : await clients.resolveFresh(clientId);
  if (client === undefined) throw new OAuthError('client_unknown', 'the client is not known');
  return client;
};

/** §3: compared as strings, and nobody is sent to what was blocked. */
const provenPlace = (uri: string, client: Client | undefined): string => {
  if (client?.postLogoutRedirectUris.includes(uri) !== true)
    throw new OAuthError('post_logout_uri_unregistered', 'post_logout_redirect_uri is not registered for this client');
  requireUnblocked(client);
  return uri;
};

const withState = (uri: string, state: string | undefined): string =>
  state === undefined ? uri : withParameters(uri, { state });

/** True if the service has said, by an ID token of this very session, whom it wants signed out: then nobody needs to ask. */
export const namesSession = async (
  { client, hint }: LogoutRequest,
  session: Session,
  server: Server,
): Promise<boolean> =>
  client !== undefined &&
  hint?.sid === sidOf(session, clientKeyOf(client.clientId)) &&
  hint.subject === subjectFor(client, session.userKey, await server.keys());
