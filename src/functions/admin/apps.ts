/**
 * The admin API: which services there are (metadata names of RFC 7591).
 *
 *   POST, GET        /api/admin/apps                          register; list
 *   GET, PUT, DELETE /api/admin/apps/{client_id}              read; replace; delete
 *   POST             /api/admin/apps/{client_id}/secrets      a second secret, so that the first can be replaced at leisure
 *   DELETE           /api/admin/apps/{client_id}/secrets/{secret_id}
 *
 * A secret is returned once, by the answer that made it. The host reserves /admin, hence /api/admin.
 */
import * as z from 'zod';
import { changeClient, changedMeanwhile, endClient } from '../../flows/clients/changes.ts';
import { defaultSecretSeconds, newSecret, secretOnce } from '../../flows/clients/new-secret.ts';
import { readRegistration } from '../../flows/clients/registration.ts';
import { empty, json } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { type Client, type ClientSecret, secretsPerClient, usesSecret } from '../../oauth/clients/client.ts';
import { clientMetadata, type RegistrationContext } from '../../oauth/clients/client-metadata.ts';
import { secretWarnings } from '../../oauth/clients/secret-expiry.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import type { AuditEntry } from '../../storage/audit.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { adminStory, type Handler } from './endpoint.ts';

const pageSize = 100;
const secretRequest = z.object({
  expires_in: z
    .int()
    .min(60)
    .max(2 * 365 * 86_400)
    .default(defaultSecretSeconds),
});

const register: Handler = async (request, server, operator) => {
  const registration = await readRegistration(await request.json(), contextOf(operator, server), server);
  const issued = usesSecret(registration) ? newSecret(defaultSecretSeconds, server) : undefined;
  const client: Client = {
    ...registration,
    clientId: `app-${base64url(server.random(16))}`,
    registrant: { by: 'operator' },
    logo: undefined,
    secrets: issued === undefined ? [] : [issued.stored],
    createdAt: server.clock(),
    endsAt: undefined,
  };
  await record({ action: 'create client', target: client.clientId }, operator, { server, client });
  if (!(await server.store.clients.insert(client))) throw changedMeanwhile();
  return json(
    { ...described(client, server), ...secretOnce(issued) },
    { status: 201, headers: { location: `/api/admin/apps/${client.clientId}` } },
  );
};

const list: Handler = async (request, server) => {
  const after = parseParameters(request.query).get('after');
  if (after !== undefined && !/^[0-9a-f]{32}$/.test(after))
    throw new OAuthError('page_unknown', 'after must be what a page named as next');
  const page = await server.store.clients.list({ size: pageSize, after });
  return json({ apps: page.clients.map((one) => described(one, server)), next: page.next });
};

const read: Handler = async (request, server) => json(described(await requestedClient(request, server), server));

/** Replaces the metadata (RFC 7592 §2.2); secrets stay, unless the client stops or starts having any. */
const replace: Handler = async (request, server, operator) => {
  const before = await requestedClient(request, server);
  const registration = await readRegistration(await request.json(), contextOf(operator, server, before), server);
  if (registration.blocked && before.clientId === operator.clientId)
    throw new OAuthError('operator_blocks_itself', 'an operator cannot block itself');
  const issued =
    usesSecret(registration) && before.secrets.length === 0 ? newSecret(defaultSecretSeconds, server) : undefined;
  const secrets = !usesSecret(registration) ? [] : issued === undefined ? before.secrets : [issued.stored];
  const after: StoredClient = { ...before, ...registration, secrets };
  await record({ action: 'update client', target: before.clientId }, operator, { server, client: after });
  await changeClient(before, after, server);
  return json({ ...described(after, server), ...secretOnce(issued) });
};

const remove: Handler = async (request, server, operator) => {
  const client = await requestedClient(request, server);
  await record({ action: 'delete client', target: client.clientId }, operator, { server, client });
  await endClient(client, server);
  return empty(204);
};

const addSecret: Handler = async (request, server, operator) => {
  const client = await requestedClient(request, server);
  if (!usesSecret(client)) throw new OAuthError('secret_of_public_client', 'the client does not use secrets');
  const body = secretRequest.safeParse(await request.json());
  if (!body.success) throw new OAuthError('secret_lifetime', 'expires_in must be 60 seconds to two years');
  const live = client.secrets.filter((secret) => server.clock() < secret.expiresAt);
  if (live.length >= secretsPerClient)
    throw new OAuthError('secrets_too_many', `${secretsPerClient} secrets are live already; delete one first`);
  const issued = newSecret(body.data.expires_in, server);
  await record({ action: 'add client secret', target: client.clientId }, operator, { server, secret: issued.stored });
  if (!(await server.store.clients.replace({ ...client, secrets: [...live, issued.stored] }))) throw changedMeanwhile();
  return json({ id: issued.stored.id, ...secretOnce(issued) }, { status: 201 });
};

const removeSecret: Handler = async (request, server, operator) => {
  const client = await requestedClient(request, server);
  const secret = client.secrets.find(({ id }) => id === request.segment('secret_id'));
  if (secret === undefined) throw new OAuthError('secret_unknown', 'there is no such secret');
  await record({ action: 'remove client secret', target: client.clientId }, operator, { server, secret });
  const secrets = client.secrets.filter((one) => one !== secret);
  if (!(await server.store.clients.replace({ ...client, secrets }))) throw changedMeanwhile();
  return empty(204);
};

export const apps = adminStory({ GET: list, POST: register });
export const app = adminStory({
  GET: read,
  PUT: replace,
  DELETE: remove,
});
export const appSecrets = adminStory({ POST: addSecret });
export const appSecret = adminStory({
  DELETE: removeSecret,
});

const described = (client: Client, server: Server) => ({
  ...clientMetadata(client),
  assent_warnings: secretWarnings(client, server.clock()),
});

const requestedClient = async (request: Incoming, server: Server): Promise<StoredClient> => {
  const client = await server.store.clients.read(request.segment('client_id') ?? '');
  if (client === undefined) throw new OAuthError('admin_client_unknown', 'there is no such client');
  return client;
};

const contextOf = (operator: Client, server: Server, before?: StoredClient): RegistrationContext => ({
  resources: server.resources,
  brandName: server.config.brandName,
  signingAlgorithms: server.config.signing.algorithms,
  before,
  operator: { by: operator.clientId, at: server.clock() },
});

type Change = { readonly server: Server; readonly client?: Client; readonly secret?: ClientSecret };

/** Before the change: there is none without its entry. */
const record = async (
  entry: Pick<AuditEntry, 'action' | 'target'>,
  operator: Client,
  { server, client, secret }: Change,
): Promise<void> => {
  const details = {
    ...(client === undefined ? {} : { client: clientMetadata(client) }),
    ...(secret === undefined ? {} : { secret: { id: secret.id, expires_at: secret.expiresAt } }),
  };
  await server.store.audit.record({ ...entry, actor: operator.clientId, details });
  server.log({ event: 'client_changed', action: entry.action, client_id: entry.target, actor: operator.clientId });
};
