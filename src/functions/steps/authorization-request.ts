/** Steps that the authorization endpoint and the approval form share. */
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import {
  type AuthorizationRequest,
  type ProvenUri,
  parseAuthorizationRequest,
  proveRedirect,
  type ResponseMode,
  responseModeOf,
  stateOf,
} from '../../oauth/authorization-request.ts';
import { type Client, requireUnblocked } from '../../oauth/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { withParameters } from '../../oauth/redirect-uri.ts';
import type { Server } from '../../server.ts';

/** Client and redirect URI of a request, proven: from here on there is somebody to answer. */
export type ProvenRedirect = {
  readonly client: Client;
  readonly redirectUri: ProvenUri;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
};

/** Throws `unknown_client`, `unproven_redirect` or `unauthorized_client`, which can only become a page (OAuth 2.1 §4.1.2.1). */
export const provenRedirect = async (parameters: Parameters, server: Server): Promise<ProvenRedirect> => {
  const clientId = parameters.get('client_id');
  const { clients } = server;
  const client = clientId === undefined ? undefined : await clients.resolve(clientId);
  if (client === undefined) throw new OAuthError('client_unknown', 'the client is not known');
  const prove = (known: Client): ProvenRedirect => {
    // A page, and no redirect: what was blocked may be a trap, and nobody is sent there.
    requireUnblocked(known);
    return { client: known, redirectUri: provenUri(parameters, known), ...answeringBy(parameters) };
  };
  try {
    return prove(client);
  } catch (error) {
    // The redirect URI may have been registered, or the service let go, since the row was read.
    const fresh = await clients.resolveFresh(client.clientId);
    if (fresh === undefined) throw error;
    return prove(fresh);
  }
};

const answeringBy = (parameters: Parameters) => ({
  state: stateOf(parameters),
  responseMode: responseModeOf(parameters),
});

const provenUri = (parameters: Parameters, client: Client): ProvenUri => {
  try {
    return proveRedirect(parameters, client);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'invalid_request') throw error;
    throw new OAuthError('redirect_uri_unreadable', error.description, { cause: error });
  }
};

type Provable = { readonly proven: ProvenRedirect; readonly parameters: Parameters; readonly request: Incoming };

/**
 * Runs what follows the proof. Its refusals go to the client, with `state` and `iss` (RFC 9207 §2); anything that is not
 * the request's fault goes to the person as a page, because the same request may succeed in a moment.
 */
export const answeringClient = async (
  { proven, parameters, request }: Provable,
  server: Server,
  handler: (asked: AuthorizationRequest) => Promise<Reply>,
): Promise<Reply> => {
  request.clientId = proven.client.clientId;
  try {
    const asked = parseAuthorizationRequest(parameters, proven, server.resources);
    if (isTooLong(authorizeUrl(asked.parameters), server)) throw tooLong();
    return await handler(asked);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code === 'too_many_requests') throw error;
    const { code, reason } = error;
    const { clientId, invocation } = request;
    const refused = { endpoint: 'authorize', error: code, reason, client_id: clientId };
    server.refusals.note(refused, { now: server.clock(), invocation });
    return redirectToClient(proven, server, { error: error.onTheWire, error_description: error.description });
  }
};

type Answer = Readonly<Record<string, string | undefined>>;

/** How an authorization response travels: one row per mode that the metadata document lists. */
const responseWriters: Readonly<Record<ResponseMode, (redirectUri: ProvenUri, answer: Answer) => Reply>> = {
  query: (redirectUri, answer) => redirect(withParameters(redirectUri, answer)),
};

/** The authorization response: always with `state`, as it came, and `iss`. */
export const redirectToClient = (
  { redirectUri, state, responseMode }: Omit<ProvenRedirect, 'client'>,
  server: Server,
  answer: Answer,
): Reply => responseWriters[responseMode](redirectUri, { ...answer, state, iss: server.config.issuer });

/** The same request again, as an address of ours. */
export const authorizeUrl = (parameters: AuthorizationRequest['parameters']): `/${string}` =>
  `/authorize?${parameters.map(([name, value]) => `${inQuery(name)}=${inQuery(value)}`).join('&')}`;

/** As short as RFC 3986 §3.4 allows: escapes take three characters each. */
const inQuery = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/%(?:3A|2F|3F|40|2C|24)/g, decodeURIComponent);

/** The platform takes no longer address, and a request comes back to us as one after sign-in and after an approval. */
const addressLimit = 4_096;

export const isTooLong = (path: string, { config }: Server): boolean =>
  config.issuer.length + path.length > addressLimit;

export const tooLong = (): OAuthError =>
  new OAuthError(
    'request_too_long',
    `the request is too long: as an address it has more than ${addressLimit} characters`,
  );
