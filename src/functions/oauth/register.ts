/**
 * Dynamic client registration (RFC 7591) and its management (RFC 7592):
 *
 *   POST             /register                 a client registers itself, if the deployment lets it
 *   GET, PUT, DELETE /register/{client_id}     and reads, replaces or deletes its registration with its registration access token
 */
import { permissionToRegister } from '../../flows/clients/initial-token.ts';
import { managedClient, readOwn, registerClient, removeOwn, replaceOwn } from '../../flows/clients/own-registration.ts';
import type { Story } from '../../http/endpoint.ts';
import { empty, json } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { presentedTokenIn } from '../../oauth/tokens/bearer.ts';

export const register: Story = async (request, server) => {
  const spend = await permissionToRegister({ source: request.source, bearer: () => bearerIn(request) }, server);
  return json(await registerClient(await request.json(), spend, server), { status: 201 });
};

const bearerIn = (request: Incoming): string => presentedTokenIn(request.header('authorization'), undefined).text;

/** Registrations outlive the setting: a client may always read, correct and delete its own. */
export const registration: Story = async (request, server) => {
  const token = bearerIn(request);
  const client = await managedClient(request.segment('client_id') ?? '', token, server);
  request.clientId = client.clientId;
  if (request.method === 'PUT') return json(await replaceOwn({ client, token, sent: await request.json() }, server));
  if (request.method !== 'DELETE') return json(readOwn(client, token, server));
  await removeOwn(client, server);
  return empty(204);
};
