/** The two secrets of a service: while one is in use, the other takes its place at leisure. */
import { secretsPerClient, usesSecret } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { changeClient } from '../clients/changes.ts';
import { type IssuedSecret, newSecret } from '../clients/new-secret.ts';
import { type Owning, ownedApp, record } from './owned.ts';
import { secretDays } from './registration.ts';

/** Days that a person can choose; the first is what it is when they do not. */
export const secretLifetimes = [secretDays, 7, 30, 180, 365] as const;

type NewSecret = {
  readonly clientId: string;
  /** What the person calls it; undefined for no name. */
  readonly name: string | undefined;
  readonly days: number;
};

/** Shown once. Throws `not_found`, `conflict`, `invalid_request` for another lifetime, `invalid_client_metadata` without secrets. */
export const addAppSecret = async ({ clientId, name, days }: NewSecret, owning: Owning): Promise<IssuedSecret> => {
  const { server } = owning;
  if (!secretLifetimes.some((one) => one === days))
    throw new OAuthError('app_secret_lifetime', 'days must be one of those that the page has');
  const app = await ownedApp(clientId, owning);
  if (!usesSecret(app)) throw new OAuthError('secret_of_public_client', 'the client does not use secrets');
  const live = app.secrets.filter((one) => server.clock() < one.expiresAt);
  if (live.length >= secretsPerClient)
    throw new OAuthError('secrets_too_many', `${secretsPerClient} secrets are live already; delete one first`);
  const issued = newSecret(days * 86_400, { server, random: server.random });
  const stored = { ...issued.stored, name: name?.slice(0, 60) };
  await record('add client secret', { clientId }, owning);
  await changeClient(app, { ...app, secrets: [...live, stored] }, server);
  return { ...issued, stored };
};

/** Throws `not_found`, `conflict`. */
export const removeAppSecret = async (
  { clientId, id }: { readonly clientId: string; readonly id: string | undefined },
  owning: Owning,
): Promise<void> => {
  const app = await ownedApp(clientId, owning);
  const secrets = app.secrets.filter((one) => one.id !== id);
  if (secrets.length === app.secrets.length) throw new OAuthError('secret_unknown', 'there is no such secret');
  await record('remove client secret', { clientId }, owning);
  await changeClient(app, { ...app, secrets }, owning.server);
};
