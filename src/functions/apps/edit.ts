/** GET, POST /apps/{client_id}/edit: what is registered of a service. POST /apps/{client_id}/logo: its picture. */
import { changeLogo } from '../../flows/apps/logo.ts';
import { ownedApp } from '../../flows/apps/owned.ts';
import { changeApp } from '../../flows/apps/registration.ts';
import { fetchedPicture } from '../../flows/clients/picture.ts';
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import type { Upload } from '../../http/request.ts';
import { formOf } from '../../oauth/clients/person-registration.ts';
import { registeredPage } from '../../pages/apps-secrets.ts';
import { appFormIn, appFormReply, orFormAgain } from './form.ts';
import { shownApp } from './shown.ts';
import { appsSite, pageAndForm, submitted, submittedWith, type Visit, visited } from './visit.ts';

const storedForm = async (visit: Visit) => {
  const app = await ownedApp(visit.clientId, visit);
  return { app: shownApp(app), etag: app.etag, form: formOf(app) };
};

export const editOne: Story = pageAndForm(
  visited(async (visit) => appFormReply(visit, await storedForm(visit))),
  submitted(async (visit, sent) => {
    const form = appFormIn(sent);
    const { clientId } = visit;
    // What is typed goes with the version that is there now: who sends it again has seen that somebody changed it.
    const filled = { ...(await storedForm(visit)), form };
    const site = await appsSite(visit);
    const change = { clientId, form, etag: sent.get('etag'), secretName: site.words.apps.secretFirst };
    const { issued } = await orFormAgain(visit, filled, () => changeApp(change, visit));
    if (issued === undefined) return redirect(`/apps/${clientId}`);
    return page(registeredPage({ ...site, clientId, name: form.name ?? '', issued }));
  }),
);

const pictureOf = async ({ server }: Visit, sent: Upload): Promise<Buffer | undefined> => {
  if (sent.get('remove') !== undefined) return undefined;
  const address = sent.get('logo_uri')?.trim();
  // Of nothing at all it is said that it is no picture.
  return sent.files.get('logo') ?? (address === undefined ? Buffer.alloc(0) : fetchedPicture(address, server));
};

export const changeLogoOfOne: Story = submittedWith(
  (request) => request.upload(),
  async (visit, sent) => {
    const { clientId } = visit;
    await orFormAgain(visit, await storedForm(visit), async () =>
      changeLogo({ clientId, etag: sent.get('etag'), bytes: await pictureOf(visit, sent) }, visit),
    );
    return redirect(`/apps/${clientId}`);
  },
);
