/** What operators do with registered clients. Each change is in the audit before it is made. */

import { requireVersion } from '../../oauth/access/version.ts';
import { actorOf } from '../../oauth/audit/event.ts';
import { type Client, type ClientSecret, secretsPerClient, usesSecret } from '../../oauth/clients/client.ts';
import { clientMetadata, type RegistrationContext } from '../../oauth/clients/client-metadata.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { AuditEntry } from '../../storage/audit.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { changeClient, changedMeanwhile, endClient } from '../clients/changes.ts';
import { defaultSecretSeconds, type IssuedSecret, newSecret } from '../clients/new-secret.ts';
import { readRegistration } from '../clients/registration.ts';
import type { Acting } from './acting.ts';
import { logoOf } from './logo.ts';

/** A client as it is now, and the secret that was made for it, if one was. */
type Changed = { readonly client: Client; readonly issued: IssuedSecret | undefined };

/** Throws `not_found`. */
export const readClient = async (clientId: string, { server }: Pick<Acting, 'server'>): Promise<StoredClient> => {
  const client = await server.store.clients.read(clientId);
  if (client === undefined) throw new OAuthError('admin_client_unknown', 'there is no such client');
  return client;
};

/** `metadata` as RFC 7591 §2 has it. Throws `invalid_client_metadata`, `invalid_redirect_uri`. */
export const registerClient = async (metadata: unknown, acting: Acting): Promise<Changed> => {
  const { server } = acting;
  const registration = await readRegistration(metadata, contextOf(acting), server);
  const clientId = `app-${base64url(acting.random(16))}`;
  const issued = usesSecret(registration) ? newSecret(defaultSecretSeconds, acting) : undefined;
  const described: Omit<Client, 'logo'> = {
    ...registration,
    clientId,
    registrant: { by: 'operator' },
    secrets: issued === undefined ? [] : [issued.stored],
    createdAt: server.clock(),
    endsAt: undefined,
  };
  const client = { ...described, logo: await logoOf(described, undefined, server) };
  await record({ action: 'create client', target: clientId }, acting, { client });
  // The id is 128 random bits: a client of it is this one, made by an attempt whose answer got lost.
  if (await server.store.clients.insert(client)) return { client, issued };
  const made = await readClient(clientId, acting);
  return { client: made, issued: issued && asStored(issued, made) };
};

type Replacement = { readonly clientId: string; readonly metadata: unknown; readonly ifMatch: string };

/**
 * Replaces the metadata (RFC 7592 §2.2); secrets stay, unless the client stops or starts having any. Throws `not_found`,
 * `precondition_failed`, `conflict` and as `registerClient`.
 */
export const replaceClient = async ({ clientId, metadata, ifMatch }: Replacement, acting: Acting): Promise<Changed> => {
  const { server, principal } = acting;
  const before = await readClient(clientId, acting);
  requireVersion(ifMatch, before.etag);
  const registration = await readRegistration(metadata, contextOf(acting, before), server);
  if (registration.blocked && principal.by === 'client' && clientId === principal.id)
    throw new OAuthError('operator_blocks_itself', 'an operator cannot block itself');
  const issued =
    usesSecret(registration) && before.secrets.length === 0 ? newSecret(defaultSecretSeconds, acting) : undefined;
  const secrets = !usesSecret(registration) ? [] : issued === undefined ? before.secrets : [issued.stored];
  const described = { ...before, ...registration, secrets };
  const after: StoredClient = { ...described, logo: await logoOf(described, before, server) };
  await record({ action: 'update client', target: clientId }, acting, { client: after });
  await changeClient(before, after, server);
  return { client: after, issued };
};

/**
 * What was issued to it is void from now on, on every instance within seconds, although nobody looks for it. Throws
 * `not_found`, `precondition_failed`, `conflict`.
 */
export const removeClient = async (
  { clientId, ifMatch }: { readonly clientId: string; readonly ifMatch: string },
  acting: Acting,
): Promise<void> => {
  const client = await readClient(clientId, acting);
  requireVersion(ifMatch, client.etag);
  await record({ action: 'delete client', target: clientId }, acting, { client });
  await endClient(client, acting.server);
};

/** Throws `not_found`, `conflict`, and `invalid_client_metadata` for a client that uses no secrets. */
export const addSecret = async (
  { clientId, lifetimeSeconds }: { readonly clientId: string; readonly lifetimeSeconds: number },
  acting: Acting,
): Promise<IssuedSecret> => {
  const { server } = acting;
  const client = await readClient(clientId, acting);
  if (!usesSecret(client)) throw new OAuthError('secret_of_public_client', 'the client does not use secrets');
  const issued = newSecret(lifetimeSeconds, acting);
  if (client.secrets.some(({ id }) => id === issued.stored.id)) return asStored(issued, client);
  const live = client.secrets.filter((secret) => server.clock() < secret.expiresAt);
  if (live.length >= secretsPerClient)
    throw new OAuthError('secrets_too_many', `${secretsPerClient} secrets are live already; delete one first`);
  await record({ action: 'add client secret', target: clientId }, acting, { secret: issued.stored });
  await write({ ...client, secrets: [...live, issued.stored] }, acting);
  return issued;
};

/** Throws `not_found`, `conflict`. */
export const removeSecret = async (
  { clientId, secretId }: { readonly clientId: string; readonly secretId: string },
  acting: Acting,
): Promise<void> => {
  const client = await readClient(clientId, acting);
  const secret = client.secrets.find(({ id }) => id === secretId);
  if (secret === undefined) throw new OAuthError('secret_unknown', 'there is no such secret');
  await record({ action: 'remove client secret', target: clientId }, acting, { secret });
  await write({ ...client, secrets: client.secrets.filter((one) => one !== secret) }, acting);
};

/** A secret that an earlier attempt has made: it expires when that one said. */
const asStored = (issued: IssuedSecret, { secrets }: Client): IssuedSecret => ({
  ...issued,
  stored: secrets.find(({ id }) => id === issued.stored.id) ?? issued.stored,
});

const contextOf = ({ server, principal }: Acting, before?: StoredClient): RegistrationContext => ({
  resources: server.resources,
  brandName: server.config.brandName,
  signingAlgorithms: server.config.signing.algorithms,
  before,
  operator: { by: principal.id, at: server.clock() },
});

const write = async (client: StoredClient, { server }: Acting): Promise<void> => {
  if (!(await server.store.clients.replace(client))) throw changedMeanwhile();
};

type Change = { readonly client?: Client; readonly secret?: ClientSecret };

/** Before the change: there is none without its entry. */
const record = async (
  entry: Pick<AuditEntry, 'action' | 'target'>,
  { server, principal }: Acting,
  { client, secret }: Change,
): Promise<void> => {
  const details = {
    ...(client === undefined ? {} : { client: clientMetadata(client) }),
    ...(secret === undefined ? {} : { secret: { id: secret.id, expires_at: secret.expiresAt } }),
  };
  await server.store.audit.record({ ...entry, actor: actorOf(principal), details });
  server.log({ event: 'client_changed', action: entry.action, client_id: entry.target, actor: principal.id });
};
