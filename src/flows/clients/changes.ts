/** How a registered client changes or goes, whoever decides that: an operator, an owner, or the client itself. */
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import { blockOf } from '../../oauth/tokens/revocation-list.ts';
import type { Server } from '../../server.ts';
import type { StoredClient } from '../../storage/client-rows.ts';

export const changedMeanwhile = (): OAuthError =>
  new OAuthError(
    'client_changed_meanwhile',
    'somebody else changed the client at the same time; read it and try again',
  );

/** True if tokens from before say more than the client may do now. */
const loses = (before: Client, after: Client): boolean =>
  (after.blocked && !before.blocked) ||
  !before.scopes.every((scope) => after.scopes.includes(scope)) ||
  !before.detailTypes.every((type) => after.detailTypes.includes(type));

/**
 * Replaces what was read. Whoever checks tokens hears first of what they lose: those from before count no more, and the client
 * gets what is left of them by its refresh tokens. Throws `conflict`, `Unavailable`.
 */
export const changeClient = async (before: StoredClient, after: StoredClient, server: Server): Promise<void> => {
  const { store, clock } = server;
  if (loses(before, after)) await store.revocations.announce([blockOf(after.clientId, clock())]);
  await replaceStored(before, after, server);
};

/** Its picture goes when it has another, or none. Throws `conflict`, `Unavailable`. */
export const replaceStored = async (
  before: StoredClient,
  after: StoredClient,
  { store }: Pick<Server, 'store'>,
): Promise<void> => {
  if (!(await store.clients.replace(after))) throw changedMeanwhile();
  if (before.logo !== undefined && before.logo !== after.logo) await store.logos.remove(before.logo);
};

/** Of nothing but what was read. Throws `conflict`, `Unavailable`. */
export const removeStored = async (client: StoredClient, { store }: Pick<Server, 'store'>): Promise<void> => {
  if (!(await store.clients.remove(client))) throw changedMeanwhile();
  if (client.logo !== undefined) await store.logos.remove(client.logo);
};

/**
 * Deletes what was read, and ends all that it was granted: what was issued to it is void from now on, on every instance within
 * seconds, although nobody looks for it. Throws `conflict`, `Unavailable`.
 */
export const endClient = async (client: StoredClient, server: Server): Promise<void> => {
  const { store, clock } = server;
  await store.deployment.notBefore.set({ clientKey: clientKeyOf(client.clientId) }, clock());
  await removeStored(client, server);
};
