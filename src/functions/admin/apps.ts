/** Operations on registered services (metadata names of RFC 7591). A secret is shown once, by the answer that made it. */
import * as z from 'zod';
import { defaultSecretSeconds, secretOnce } from '../../flows/clients/new-secret.ts';
import {
  addSecret,
  readClient,
  registerClient,
  removeClient,
  removeSecret,
  replaceClient,
} from '../../flows/operators/clients.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { versionOf } from '../../oauth/access/version.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { clientMetadata, saidMetadata, shownMetadata } from '../../oauth/clients/client-metadata.ts';
import { logoWarnings } from '../../oauth/clients/logo.ts';
import { translationNames } from '../../oauth/clients/metadata/translations.ts';
import { secretWarnings } from '../../oauth/clients/secret-expiry.ts';
import type { Reason } from '../../oauth/reasons.ts';
import type { Server } from '../../server.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';

const clientPath = z.object({ client_id: z.string() });
/** `client_name#de` and its like (RFC 7591 §2.2). */
const translated = { patternProperties: { [translationNames]: { type: 'string' } } };
const said = saidMetadata().meta(translated);
const warned = shownMetadata().extend({
  assent_warnings: z.array(z.string()).describe('What to do about its secrets and its picture, a sentence each.'),
});
const shown = warned.meta(translated);
const once = { client_secret: z.string().optional(), client_secret_expires_at: epochSeconds.optional() };
const made = warned.extend(once).meta(translated);

/** Every way in which a registration is refused. */
const unregistrable: readonly Reason[] = ['metadata_malformed', 'metadata_redirect_uri'];

const described = (client: Client, server: Server) => ({
  ...clientMetadata(client),
  assent_warnings: [...secretWarnings(client, server.clock()), ...logoWarnings(client)],
});

const list = operation({
  name: 'listClients',
  method: 'GET',
  route: 'apps',
  role: 'auditor',
  summary: 'Lists the registered services',
  query: pageQuery,
  answer: z.strictObject({ apps: z.array(shown), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, { server }) => {
    const { cursor } = await server.keys();
    const after = query.after === undefined ? undefined : openCursor('clients', query.after, cursor);
    const page = await server.store.clients.list({ size: query.limit, after });
    const next = page.next === undefined ? {} : { next: sealCursor('clients', page.next, cursor) };
    return { body: { apps: page.clients.map((one) => described(one, server)), ...next } };
  },
});

const register = operation({
  name: 'registerClient',
  method: 'POST',
  route: 'apps',
  role: 'operator',
  summary: 'Registers a service',
  body: said,
  malformed: 'metadata_malformed',
  answer: made,
  status: 201,
  creates: true,
  refusals: unregistrable,
  run: async ({ sent }, acting) => {
    const { client, issued } = await registerClient(sent, acting);
    return {
      body: { ...described(client, acting.server), ...secretOnce(issued) },
      location: `/api/admin/apps/${client.clientId}`,
    };
  },
});

const read = operation({
  name: 'readClient',
  method: 'GET',
  route: 'apps/{client_id}',
  role: 'auditor',
  summary: 'Reads a service',
  path: clientPath,
  answer: shown,
  status: 200,
  versionShown: true,
  refusals: ['admin_client_unknown'],
  run: async ({ path }, acting) => {
    const client = await readClient(path.client_id, acting);
    return { body: described(client, acting.server), etag: versionOf(client.etag) };
  },
});

const replace = operation({
  name: 'replaceClient',
  method: 'PUT',
  route: 'apps/{client_id}',
  role: 'operator',
  summary: 'Replaces the metadata of a service; its secrets stay',
  path: clientPath,
  body: said,
  malformed: 'metadata_malformed',
  answer: made,
  status: 200,
  versioned: true,
  refusals: ['admin_client_unknown', 'client_changed_meanwhile', 'operator_blocks_itself', ...unregistrable],
  run: async ({ path, sent, ifMatch }, acting) => {
    const replacement = { clientId: path.client_id, metadata: sent, ifMatch };
    const { client, issued } = await replaceClient(replacement, acting);
    return { body: { ...described(client, acting.server), ...secretOnce(issued) } };
  },
});

const remove = operation({
  name: 'deleteClient',
  method: 'DELETE',
  route: 'apps/{client_id}',
  role: 'operator',
  summary: 'Deletes a service, and voids what was issued to it',
  path: clientPath,
  status: 204,
  versioned: true,
  refusals: ['admin_client_unknown', 'client_changed_meanwhile'],
  run: async ({ path, ifMatch }, acting) => {
    await removeClient({ clientId: path.client_id, ifMatch }, acting);
    return {};
  },
});

// Strict, so that a misspelled member makes no secret that lasts for a year.
const secretRequest = z.strictObject({
  expires_in: z
    .int()
    .min(60)
    .max(2 * 365 * 86_400)
    .default(defaultSecretSeconds)
    .describe('Seconds; a year when left out.'),
});

const add = operation({
  name: 'addClientSecret',
  method: 'POST',
  route: 'apps/{client_id}/secrets',
  role: 'operator',
  summary: 'Makes a second secret, so that the first can be replaced at leisure',
  path: clientPath,
  body: secretRequest,
  answer: z.strictObject({ id: z.string(), client_secret: z.string(), client_secret_expires_at: epochSeconds }),
  status: 201,
  creates: true,
  refusals: ['admin_client_unknown', 'secret_of_public_client', 'secrets_too_many', 'client_changed_meanwhile'],
  run: async ({ path, body }, acting) => {
    const issued = await addSecret({ clientId: path.client_id, lifetimeSeconds: body.expires_in }, acting);
    return { body: { id: issued.stored.id, ...secretOnce(issued) } };
  },
});

const withdraw = operation({
  name: 'deleteClientSecret',
  method: 'DELETE',
  route: 'apps/{client_id}/secrets/{secret_id}',
  role: 'operator',
  summary: 'Removes a secret',
  path: z.object({ client_id: z.string(), secret_id: z.string() }),
  status: 204,
  refusals: ['admin_client_unknown', 'secret_unknown', 'client_changed_meanwhile'],
  run: async ({ path }, acting) => {
    await removeSecret({ clientId: path.client_id, secretId: path.secret_id }, acting);
    return {};
  },
});

/** In the order of the documentation. */
export const clientOperations: readonly Operation[] = [list, register, read, replace, remove, add, withdraw];
