/** Registering a service, changing what is registered, and taking it back. */
import { type Client, usesSecret } from '../../oauth/clients/client.ts';
import type { ClientRegistration } from '../../oauth/clients/client-metadata.ts';
import { type AppForm, metadataIn, requireMayReach, requireOfPerson } from '../../oauth/clients/person-registration.ts';
import type { Owner } from '../../oauth/clients/registrant.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError, Unavailable } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import { changeClient, endClient } from '../clients/changes.ts';
import { type IssuedSecret, newSecret } from '../clients/new-secret.ts';
import { readRegistration } from '../clients/registration.ts';
import { canRegister, type OwnedApp, type Owning, ownedApp, ownedApps, record, requireAsShown } from './owned.ts';

/** Secrets of people's services last so long, unless they choose another time. */
export const secretDays = 60;

/** The person who is signed in, as one of the owners. */
export const ownerOf = ({ session, server }: Owning): Owner => ({
  userKey: session.userKey.toString('hex'),
  name: session.displayName.slice(0, 100),
  accountName: session.accountName.slice(0, 100),
  since: server.clock(),
});

/** What the form asks for, checked. Throws `invalid_client_metadata`, `invalid_redirect_uri`, `access_denied`, `Unavailable`. */
const registrationIn = async (
  form: AppForm,
  before: OwnedApp | undefined,
  owning: Owning,
): Promise<ClientRegistration> => {
  const { resources, config } = owning.server;
  const context = {
    resources,
    brandName: config.brandName,
    signingAlgorithms: config.signing.algorithms,
    before,
    operator: undefined,
  };
  const registration = await readRegistration(metadataIn(form, before), context, owning.server);
  requireOfPerson(registration, before);
  requireMayReach(registration, before, await canRegister(owning));
  return registration;
};

const firstSecret = (name: string, server: Server): IssuedSecret => {
  const issued = newSecret(secretDays * 86_400, { server, random: server.random });
  return { ...issued, stored: { ...issued.stored, name } };
};

type Registering = {
  readonly form: AppForm;
  /** What its first secret is called until the person makes another. */
  readonly secretName: string;
};

type Registered = { readonly clientId: string; readonly issued: IssuedSecret | undefined };

/** Throws as above, and `conflict` for a person who has as many services as they can. */
export const registerApp = async ({ form, secretName }: Registering, owning: Owning): Promise<Registered> => {
  const { server } = owning;
  const registration = await registrationIn(form, undefined, owning);
  const issued = usesSecret(registration) ? firstSecret(secretName, server) : undefined;
  const client: Client = {
    ...registration,
    clientId: `app-${base64url(server.random(16))}`,
    registrant: { by: 'person', owners: [ownerOf(owning)], invitations: [] },
    logo: undefined,
    secrets: issued === undefined ? [] : [issued.stored],
    createdAt: server.clock(),
    endsAt: undefined,
  };
  await record('create client', client, owning);
  // First where to look for it: what is not there is passed over, and what nobody finds would stay.
  await listAsOwned(client.clientId, owning);
  if (!(await server.store.clients.insert(client))) throw new Unavailable('storage');
  return { clientId: client.clientId, issued };
};

/**
 * Among those that the person looks after. Those that never came to be, or that went while storage was away, make place once it is
 * needed. Throws `conflict` for a person who has as many as they can.
 */
export const listAsOwned = async (clientId: string, owning: Owning): Promise<void> => {
  const { server, session } = owning;
  const { ownedApps: listed } = server.store;
  if (await listed.add(session.userKey, clientId)) return;
  const there = new Set((await ownedApps(owning)).map((one) => one.clientId));
  for (const id of await listed.list(session.userKey)) if (!there.has(id)) await listed.drop(session.userKey, id);
  if (!(await listed.add(session.userKey, clientId)))
    throw new OAuthError('apps_too_many', 'this person has as many services as they can');
};

type Change = Registering & { readonly clientId: string; readonly etag: string | undefined };

/** Secrets stay, unless the service stops having any; one that begins to have them gets its first. Throws as above. */
export const changeApp = async ({ clientId, form, etag, secretName }: Change, owning: Owning): Promise<Registered> => {
  const before = await ownedApp(clientId, owning);
  requireAsShown(before, etag);
  const registration = await registrationIn(form, before, owning);
  const isFirst = usesSecret(registration) && before.secrets.length === 0;
  const issued = isFirst ? firstSecret(secretName, owning.server) : undefined;
  const kept = usesSecret(registration) ? before.secrets : [];
  const after = { ...before, ...registration, secrets: issued === undefined ? kept : [issued.stored] };
  await record('update client', after, owning);
  await changeClient(before, after, owning.server);
  return { clientId, issued };
};

/** Ends all that it was granted. Throws `not_found`, `conflict`, `Unavailable`. */
export const removeApp = async (
  { clientId, etag }: { readonly clientId: string; readonly etag: string | undefined },
  owning: Owning,
): Promise<void> => {
  const app = await ownedApp(clientId, owning);
  requireAsShown(app, etag);
  await record('delete client', app, owning);
  await endClient(app, owning.server);
  for (const { userKey } of app.registrant.owners)
    await owning.server.store.ownedApps.drop(Buffer.from(userKey, 'hex'), clientId);
};
