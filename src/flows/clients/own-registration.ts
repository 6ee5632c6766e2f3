/** Clients that register themselves (RFC 7591) and look after that themselves (RFC 7592). */
import { type Client, hashSecret, requireUnblocked, secretsPerClient, usesSecret } from '../../oauth/clients/client.ts';
import {
  type ClientRegistration,
  clientMetadata,
  type RegistrationContext,
} from '../../oauth/clients/client-metadata.ts';
import { logoAfter } from '../../oauth/clients/logo.ts';
import {
  describedToItself,
  objectIn,
  ownMetadata,
  requireForPeople,
  requireSameClient,
  scopesForAnybody,
} from '../../oauth/clients/own-registration.ts';
import { endsSoon } from '../../oauth/clients/secret-expiry.ts';
import { base64url, equalBytes } from '../../oauth/crypto.ts';
import { OAuthError, Unavailable } from '../../oauth/errors.ts';
import { blockOf } from '../../oauth/tokens/revocation-list.ts';
import type { Server } from '../../server.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { changeClient, removeStored, replaceStored } from './changes.ts';
import { isUnused, unusedSeconds } from './keep-used.ts';
import { defaultSecretSeconds, newSecret, secretOnce } from './new-secret.ts';
import { readRegistration } from './registration.ts';
import { withStatement } from './software-statement.ts';

type Answer = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

const tokenPrefix = 'assent_ra_';

/** `beforeInsert` runs when all is well and nothing is written yet. Throws the errors of RFC 7591 §3.2.2, and `Unavailable`. */
export const registerClient = async (
  sent: unknown,
  beforeInsert: () => Promise<void>,
  server: Server,
): Promise<Answer> => {
  const body = objectIn(sent);
  const registration = await registrationIn(body, undefined, server);
  const issued = usesSecret(registration)
    ? newSecret(defaultSecretSeconds, { server, random: server.random })
    : undefined;
  const token = tokenPrefix + base64url(server.random(32));
  const createdAt = server.clock();
  const client: Client = {
    ...registration,
    clientId: `dyn-${base64url(server.random(16))}`,
    registrant: { by: 'itself', tokenHash: hashSecret(token) },
    logo: undefined,
    secrets: issued === undefined ? [] : [issued.stored],
    createdAt,
    endsAt: createdAt + unusedSeconds,
  };
  await beforeInsert();
  await record('create client', client, server);
  if (!(await server.store.clients.insert(client))) throw new Unavailable('storage');
  server.log({ event: 'client_registered', client_id: client.clientId });
  return { ...answerOf(client, token, server), ...secretOnce(issued), ...statementIn(body) };
};

/** RFC 7591 §3.2.1: it comes back as it was. */
const statementIn = ({ software_statement: statement }: Body) =>
  statement === undefined ? {} : { software_statement: statement };

const registrationIn = async (
  body: Body,
  before: StoredClient | undefined,
  server: Server,
): Promise<ClientRegistration> => {
  const { resources, config } = server;
  const context: RegistrationContext = {
    resources,
    brandName: config.brandName,
    signingAlgorithms: config.signing.algorithms,
    before,
    operator: undefined,
    usualScopes: scopesForAnybody(resources),
  };
  const metadata = ownMetadata(await withStatement(body, server), resources, before);
  const registration = await readRegistration(metadata, context, server);
  if (!before?.grantTypes.includes('client_credentials')) requireForPeople(registration);
  return registration;
};

/**
 * The client, if `token` is its registration access token. Throws `invalid_token` without telling whether the client exists
 * (RFC 7592 §2.1), and `unauthorized_client` for one that was blocked.
 */
export const managedClient = async (clientId: string, token: string, server: Server): Promise<StoredClient> => {
  const client = await server.store.clients.read(clientId);
  const hash = client?.registrant.by === 'itself' ? client.registrant.tokenHash : undefined;
  if (client === undefined || hash === undefined || !equalBytes(Buffer.from(hash), Buffer.from(hashSecret(token))))
    throw new OAuthError('registration_token_unknown', 'the token is not valid here');
  requireUnblocked(client);
  return client;
};

export const readOwn = (client: Client, token: string, server: Server): Answer => answerOf(client, token, server);

/**
 * Replaces the metadata (RFC 7592 §2.2). A secret that ends soon gets a successor. The registration access token stays: an
 * answer that got lost would else lock the client out for good.
 */
export const replaceOwn = async (
  { client: before, token, sent }: { readonly client: StoredClient; readonly token: string; readonly sent: unknown },
  server: Server,
): Promise<Answer> => {
  const body = objectIn(sent);
  requireSameClient(body, before, server.clock());
  const registration = await registrationIn(body, before, server);
  const { secrets, issued } = secretsAfter(before, registration, server);
  const described = { ...before, ...registration, secrets };
  const after: StoredClient = { ...described, logo: logoAfter(before, described) };
  await record('update client', after, server);
  await changeOwn(before, after, server);
  return { ...answerOf(after, token, server), ...secretOnce(issued), ...statementIn(body) };
};

/** Of one that got nothing nobody needs to hear: who changes it in a loop would else fill the list of what ended. */
const changeOwn = async (before: StoredClient, after: StoredClient, server: Server): Promise<void> => {
  if (!isUnused(before)) return changeClient(before, after, server);
  await replaceStored(before, after, server);
};

const secretsAfter = (before: Client, registration: ClientRegistration, server: Server) => {
  if (!usesSecret(registration)) return { secrets: [], issued: undefined };
  const now = server.clock();
  const live = before.secrets.filter((secret) => now < secret.expiresAt);
  if (live.some((secret) => !endsSoon(secret, now))) return { secrets: live, issued: undefined };
  const issued = newSecret(defaultSecretSeconds, { server, random: server.random });
  return { secrets: [...live, issued.stored].slice(-secretsPerClient), issued };
};

/**
 * What was issued to it ends with it: its tokens are refused wherever its row is looked for. Nobody needs to hear of one that got
 * nothing. Its first use writes the same row, so the two cannot both succeed. Throws `Unavailable`.
 */
export const removeOwn = async (client: StoredClient, server: Server): Promise<void> => {
  await record('delete client', client, server);
  if (!isUnused(client)) await server.store.revocations.announce([blockOf(client.clientId, server.clock())]);
  await removeStored(client, server);
  server.log({ event: 'client_unregistered', client_id: client.clientId });
};

/** Before the change: there is none without its entry. */
const record = (action: 'create client' | 'update client' | 'delete client', client: Client, server: Server) =>
  server.store.audit.record({
    action,
    target: client.clientId,
    actor: { by: 'client', id: client.clientId },
    details: { client: clientMetadata(client) },
  });

/** RFC 7591 §3.2.1 and RFC 7592 §3. */
const answerOf = (client: Client, token: string, { config }: Server): Answer => ({
  ...describedToItself(client),
  ...(client.secrets.length === 0
    ? {}
    : { client_secret_expires_at: Math.max(...client.secrets.map((one) => one.expiresAt)) }),
  registration_client_uri: `${config.issuer}/register/${client.clientId}`,
  registration_access_token: token,
});
