/** GET /apps/{client_id}: one service, what can be done with it, and how it fares. */
import { activityOf } from '../../flows/apps/activity.ts';
import { ownedApp } from '../../flows/apps/owned.ts';
import type { Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { appPage } from '../../pages/apps-one.ts';
import { offeredAreas, shownApp } from './shown.ts';
import { appsSite, visited } from './visit.ts';

export const oneApp: Story = visited(async (visit) => {
  const app = await ownedApp(visit.clientId, visit);
  const site = await appsSite(visit);
  const chosen = offeredAreas(visit.server, site.words)
    .map((area) => ({ ...area, permissions: area.permissions.filter(({ id }) => app.scopes.includes(id)) }))
    .filter(({ permissions }) => permissions.length > 0);
  const activity = await activityOf(app.clientId, visit.server);
  return page(appPage({ ...site, ...activity, app: shownApp(app), areas: chosen, redirectUris: app.redirectUris }));
});
