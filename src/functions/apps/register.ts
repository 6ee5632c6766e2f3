/** GET, POST /apps/new: registers a service. */
import { canRegister } from '../../flows/apps/owned.ts';
import { registerApp } from '../../flows/apps/registration.ts';
import type { Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { registeredPage } from '../../pages/apps-secrets.ts';
import { appFormIn, appFormReply, orFormAgain } from './form.ts';
import { appsSite, pageAndForm, submitted, type Visit, visited } from './visit.ts';

const requireRight = async (visit: Visit): Promise<void> => {
  if (!(await canRegister(visit)))
    throw new OAuthError('registration_not_permitted', 'operators do not let this person register services');
};

export const registerOne: Story = pageAndForm(
  visited(async (visit) => {
    await requireRight(visit);
    return appFormReply(visit, {});
  }),
  submitted(async (visit, sent) => {
    await requireRight(visit);
    const form = appFormIn(sent);
    const site = await appsSite(visit);
    const asked = { form, secretName: site.words.apps.secretFirst };
    const { clientId, issued } = await orFormAgain(visit, { form }, () => registerApp(asked, visit));
    return page(registeredPage({ ...site, clientId, name: form.name ?? '', issued }));
  }),
);
