/** GET, POST /apps/{client_id}/delete: asks, and ends a service with all that it was granted. */
import { ownedApp } from '../../flows/apps/owned.ts';
import { removeApp } from '../../flows/apps/registration.ts';
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { deleteAppPage } from '../../pages/apps-one.ts';
import { shownApp } from './shown.ts';
import { appsSite, pageAndForm, submitted, visited } from './visit.ts';

export const deleteOne: Story = pageAndForm(
  visited(async (visit) => {
    const app = await ownedApp(visit.clientId, visit);
    return page(deleteAppPage({ ...(await appsSite(visit)), app: shownApp(app), etag: app.etag }));
  }),
  submitted(async (visit, form) => {
    await removeApp({ clientId: visit.clientId, etag: form.get('etag') }, visit);
    return redirect('/apps');
  }),
);
