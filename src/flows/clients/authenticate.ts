/** Who is the client, and can it prove that? By any of the methods that it is given. */
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import { invalidClient } from '../../oauth/clients/client-authentication.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import type { ClientAuthenticationMethod, Presented } from './method.ts';

export type AuthenticationRequest = {
  readonly form: Parameters;
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** The caller's address, or its network; undefined where there is none. */
  readonly source: string | undefined;
  /** Is told the registered client that the request names, proven or not: for the log. */
  readonly onClient: (client: Client) => void;
};

/**
 * The client that sent the request. Throws `invalid_client` without telling whether it exists, `invalid_request` for more
 * than one method, `too_many_requests` in place of `invalid_client` after too many wrong secrets from one address, and
 * `Unavailable`. The right secret passes whatever else was sent from there: many clients may share an address, and secrets of
 * 256 bits are not found by guessing.
 */
export const authenticate = async (
  request: AuthenticationRequest,
  methods: readonly ClientAuthenticationMethod[],
  server: Server,
): Promise<Client> => {
  const asked = presentationIn(request, methods);
  const { method, presented } = asked;
  method.check?.(presented, server);
  const client = await provenClient(asked, request, server);
  // Last: what failed before could be sent again by whoever owns the proof.
  if ((await method.spend?.(presented, server)) === false) throw invalidClient('client_proof_spent');
  return client;
};

type Presentation = {
  readonly method: ClientAuthenticationMethod;
  readonly presented: Presented;
  readonly clientId: string;
};

/** The one method of the request (RFC 6749 §2.3). Throws `invalid_request` or `invalid_client`. */
const presentationIn = (
  { form, authorization }: AuthenticationRequest,
  methods: readonly ClientAuthenticationMethod[],
): Presentation => {
  const named = form.get('client_id');
  // What cannot be read in the form is said before what is wrong with the header.
  form.get('client_secret');
  const found = methods.flatMap((method) => {
    const presented = method.present(form, authorization);
    return presented === undefined ? [] : [{ method, presented }];
  });
  if (found.length > 1)
    throw new OAuthError('client_authentication_twice', 'the client authenticates in more than one way');
  const [one] = found;
  const clientId = one?.presented.clientId;
  if (one === undefined || clientId === undefined)
    throw new OAuthError('client_id_missing', 'the client must say who it is');
  if (named !== undefined && named !== clientId)
    throw new OAuthError('client_id_differs', 'client_id differs from the one that authenticates');
  return { ...one, clientId };
};

const provenClient = async (
  { method, presented, clientId }: Presentation,
  { source, onClient }: AuthenticationRequest,
  server: Server,
): Promise<Client> => {
  const proves = async (client: Client): Promise<boolean> =>
    method.registeredAs.includes(client.authenticationMethod) && (await method.prove(client, presented, server));
  const known = await server.clients.resolve(clientId);
  if (known !== undefined) onClient(known);
  if (known !== undefined && (await proves(known))) return known;
  // A secret may have been added since the row was read: look once more before refusing.
  const fresh = known === undefined ? undefined : await server.clients.resolveFresh(clientId);
  if (fresh !== undefined && (await proves(fresh))) return fresh;
  if (isGuess(method, fresh)) countFailure(`${clientId} ${source ?? ''}`, server);
  throw invalidClient(whyUnproven(method, fresh), method.remark?.(presented));
};

const whyUnproven = (method: ClientAuthenticationMethod, client: Client | undefined) => {
  if (client === undefined) return 'client_unknown_at_authentication';
  return method.registeredAs.includes(client.authenticationMethod) ? 'client_proof_wrong' : 'client_method_differs';
};

/** Who presents no secret guesses none, and a public client has none to guess. */
const isGuess = ({ method }: ClientAuthenticationMethod, client: Client | undefined): boolean =>
  method !== 'none' && (client === undefined || isConfidential(client));

const countFailure = (guesser: string, server: Server): void => {
  if (!server.limits.failures.take(guesser, server.clock()))
    throw new OAuthError('limit_of_failures', 'too many failed attempts', { retryAfterSeconds: 5 });
};
