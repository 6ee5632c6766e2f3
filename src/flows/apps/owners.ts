/**
 * Owners, and how one makes another: people are known here by a key that nobody can type, so an owner hands out a link, and
 * whoever opens it while signed in becomes one. It is good once, and not for long.
 */
import {
  invitationOpenedBy,
  invitationSeconds,
  isOwnedBy,
  withInvitation,
  withOwner,
  withoutErased,
  withoutInvitation,
  withoutOwner,
} from '../../oauth/clients/owners.ts';
import { base64url, sha256 } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { changeClient } from '../clients/changes.ts';
import { type OwnedApp, type Owning, ownedApp, record } from './owned.ts';
import { listAsOwned, ownerOf } from './registration.ts';

const invitationPrefix = 'assent_in_';

type Named = { readonly clientId: string; readonly id: string | undefined };

/** Resolves with what the link holds, which is shown once. Throws `not_found`, `conflict`. */
export const inviteOwner = async (clientId: string, owning: Owning): Promise<string> => {
  const { server } = owning;
  const app = await ownedApp(clientId, owning);
  const secret = base64url(server.random(24));
  const now = server.clock();
  const invitation = {
    id: base64url(server.random(6)),
    hash: base64url(sha256(secret)),
    expiresAt: now + invitationSeconds,
  };
  const registrant = withInvitation(app.registrant, invitation, now);
  await record('invite client owner', { clientId }, owning);
  await changeClient(app, { ...app, registrant }, server);
  return `${invitationPrefix}${clientId}.${secret}`;
};

/** Throws `not_found`, `conflict`. */
export const withdrawInvitation = async ({ clientId, id = '' }: Named, owning: Owning): Promise<void> => {
  const app = await ownedApp(clientId, owning);
  await record('withdraw client invitation', { clientId }, owning);
  await changeClient(app, { ...app, registrant: withoutInvitation(app.registrant, id) }, owning.server);
};

/** The service that a link invites to look after. Throws `not_found` for one that is spent, over, withdrawn, or was never one. */
export const invitedApp = async (link: string, { server }: Pick<Owning, 'server'>) => {
  const [, clientId = '', secret = ''] = /^assent_in_(.+)\.([\w-]{32})$/.exec(link) ?? [];
  const app: StoredClient | undefined = clientId === '' ? undefined : await server.store.clients.read(clientId);
  const { registrant } = app ?? {};
  const invitation = registrant?.by === 'person' ? invitationOpenedBy(registrant, secret, server.clock()) : undefined;
  if (app === undefined || registrant?.by !== 'person' || invitation === undefined)
    throw new OAuthError('invitation_unknown', 'the invitation is not open');
  return { app: { ...app, registrant } satisfies OwnedApp, invitation };
};

/** Makes the person an owner; of several at once who hold the link, one. Throws as above, and `conflict`. */
export const acceptInvitation = async (link: string, owning: Owning): Promise<OwnedApp> => {
  const { server } = owning;
  const { app, invitation } = await invitedApp(link, owning);
  await listAsOwned(app.clientId, owning);
  await record('add client owner', { clientId: app.clientId }, owning);
  await changeClient(app, { ...app, registrant: withOwner(app.registrant, ownerOf(owning), invitation) }, server);
  return app;
};

/** Takes an owner away, be it oneself. Throws `not_found`, and `conflict` for the last one. */
export const removeOwner = async (
  { clientId, userKey }: { readonly clientId: string; readonly userKey: string | undefined },
  owning: Owning,
): Promise<void> => {
  const app = await ownedApp(clientId, owning);
  const owner = app.registrant.owners.find((one) => one.userKey === userKey);
  if (owner === undefined) throw new OAuthError('owner_unknown', 'there is no such owner');
  const registrant = withoutOwner(app.registrant, owner.userKey);
  await record('remove client owner', { clientId }, owning);
  await changeClient(app, { ...app, registrant }, owning.server);
  await owning.server.store.ownedApps.drop(Buffer.from(owner.userKey, 'hex'), clientId);
};

type Leaving = { readonly userKey: Buffer; readonly until: number };

/**
 * Takes a person who is erased away from every service that they looked after before `until` (epoch seconds). One that had
 * nobody else goes on: operators look after it. Throws `conflict` and `Unavailable`: then it can be done again.
 */
export const leaveServices = async ({ userKey, until }: Leaving, server: Server): Promise<void> => {
  const id = userKey.toString('hex');
  for (const clientId of await server.store.ownedApps.list(userKey)) {
    const app = await server.store.clients.read(clientId);
    if (app === undefined || !isOwnedBy(app, userKey)) continue;
    if (app.registrant.owners.some((one) => one.userKey === id && one.since >= until)) continue;
    const registrant = withoutErased(app.registrant, id);
    const entry = {
      action: 'remove client owner',
      target: clientId,
      details: { owners: registrant.owners.length },
    } as const;
    await server.store.audit.record({ ...entry, actor: { by: 'person', id } });
    await changeClient(app, { ...app, registrant }, server);
    if (registrant.owners.length === 0)
      server.log({ level: 'warning', event: 'client_without_owner', client_id: clientId });
  }
};
