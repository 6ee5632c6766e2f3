/** GET, POST /apps/{client_id}/secrets: the secrets of a service, each shown once. */
import { ownedApp } from '../../flows/apps/owned.ts';
import { addAppSecret, removeAppSecret, secretLifetimes } from '../../flows/apps/secrets.ts';
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { appSecretsPage } from '../../pages/apps-secrets.ts';
import { shownApp } from './shown.ts';
import { appsSite, pageAndForm, submitted, type Visit, visited } from './visit.ts';

const show = async (visit: Visit, made?: string) => {
  const app = shownApp(await ownedApp(visit.clientId, visit));
  const days = secretLifetimes;
  return page(appSecretsPage({ ...(await appsSite(visit)), app, days, ...(made === undefined ? {} : { made }) }));
};

export const secretsOfOne: Story = pageAndForm(
  visited(show),
  submitted(async (visit, form) => {
    const { clientId } = visit;
    if (form.get('remove') !== undefined) {
      await removeAppSecret({ clientId, id: form.get('remove') }, visit);
      return redirect(`/apps/${clientId}/secrets`);
    }
    const asked = { clientId, name: form.get('name')?.trim() || undefined, days: Number(form.get('days')) };
    return show(visit, (await addAppSecret(asked, visit)).secret);
  }),
);
