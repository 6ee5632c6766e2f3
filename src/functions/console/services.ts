/** GET /console/services: the registered services. */
import type { Story } from '../../http/endpoint.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { type ServiceView, servicesPage } from '../../pages/console/services.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

type Listed = { readonly services: readonly ServiceView[]; readonly next?: string };

export const services: Story = consolePage(async (visit) => {
  const query = parseParameters(visit.request.query);
  const said = { query: { after: query.get('after'), limit: 25 } };
  const [site, listed] = await Promise.all([consoleSite(visit), answerOf<Listed>('listServices', said, visit)]);
  return servicesPage({ ...site, ...listed, deleted: query.get('done') === 'deleted' });
});
