/** Services that a person looks after. */

import type { Session } from '../../oauth/authorization/session.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { clientMetadata } from '../../oauth/clients/client-metadata.ts';
import { type ByPerson, isOwnedBy } from '../../oauth/clients/owners.ts';
import { mayRegister } from '../../oauth/clients/person-registration.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import type { AuditEntry } from '../../storage/audit.ts';
import type { StoredClient } from '../../storage/client-rows.ts';

export type OwnedApp = StoredClient & { readonly registrant: ByPerson };

/** Who does it, at which deployment. */
export type Owning = { readonly session: Session; readonly server: Server };

/** The service as it is now. Throws `not_found` for one that is none of this person's, whether there is one or not. */
export const ownedApp = async (clientId: string, { session, server }: Owning): Promise<OwnedApp> => {
  const client = await server.store.clients.read(clientId);
  if (client === undefined || !isOwnedBy(client, session.userKey))
    throw new OAuthError('app_unknown', 'there is no such service of this person');
  return client;
};

/** All of them by name. Costs a read for each. Throws `Unavailable`. */
export const ownedApps = async ({ session, server }: Owning): Promise<readonly OwnedApp[]> => {
  const ids = await server.store.ownedApps.list(session.userKey);
  const clients = await Promise.all(ids.map((id) => server.store.clients.read(id)));
  return clients
    .filter((one): one is OwnedApp => one !== undefined && isOwnedBy(one, session.userKey))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
};

/** True if operators let this person register services. Throws `Unavailable`. */
export const canRegister = async ({ session, server }: Owning): Promise<boolean> =>
  mayRegister(session, await server.policy());

/** Throws `conflict` unless the form was made from what is stored now. */
export const requireAsShown = (app: OwnedApp, etag: string | undefined): void => {
  if (app.etag !== etag)
    throw new OAuthError('client_changed_meanwhile', 'somebody else changed the service at the same time');
};

/** Before the change: there is none without its entry. Never a secret. Throws `Unavailable`. */
export const record = async (
  action: AuditEntry['action'],
  client: Client | Pick<Client, 'clientId'>,
  { session, server }: Owning,
): Promise<void> => {
  const actor = { by: 'person', id: session.userKey.toString('hex') } as const;
  const details = 'name' in client ? { client: clientMetadata(client) } : {};
  await server.store.audit.record({ action, target: client.clientId, actor, details });
  server.log({ event: 'client_changed', action, client_id: client.clientId, by: 'owner' });
};
