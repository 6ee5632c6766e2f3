/** GET /apps: the services that this person looks after. */
import { canRegister, ownedApps } from '../../flows/apps/owned.ts';
import type { Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { appsPage } from '../../pages/apps-list.ts';
import { shownApp } from './shown.ts';
import { appsSite, visited } from './visit.ts';

export const apps: Story = visited(async (visit) => {
  const owned = await ownedApps(visit);
  const view = { ...(await appsSite(visit)), mayRegister: await canRegister(visit) };
  return page(appsPage({ ...view, apps: owned.map(shownApp) }));
});
