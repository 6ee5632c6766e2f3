/** GET /console: what needs care, what is ruled, what runs here. */
import type { Story } from '../../http/endpoint.ts';
import { type DeploymentView, overviewPage, type ServiceWarnings } from '../../pages/console/overview.ts';
import type { PolicyView } from '../../pages/console/policy-words.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

type Services = { readonly apps: readonly ServiceWarnings[]; readonly next?: string };

export const overview: Story = consolePage(async (visit) => {
  const [site, policy, deployment, services] = await Promise.all([
    consoleSite(visit),
    answerOf<PolicyView>('readPolicy', {}, visit),
    answerOf<DeploymentView>('readDeployment', {}, visit),
    answerOf<Services>('listClients', { query: {} }, visit),
  ]);
  return overviewPage({
    ...site,
    policy,
    deployment,
    services: services.apps,
    moreServices: services.next !== undefined,
  });
});
