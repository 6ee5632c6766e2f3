/** GET /console: what needs care, what is ruled, what runs here. */
import type { Story } from '../../http/endpoint.ts';
import type { SealsView } from '../../pages/console/audit.ts';
import type { EndingView } from '../../pages/console/endings.ts';
import { type DeploymentView, overviewPage } from '../../pages/console/overview.ts';
import type { PolicyView } from '../../pages/console/policy-words.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

type Requests = { readonly requests: readonly unknown[]; readonly next?: string };
type Orders = { readonly endings: readonly EndingView[] };

export const overview: Story = consolePage(async (visit) => {
  const [site, policy, deployment, requests, orders, seals] = await Promise.all([
    consoleSite(visit),
    answerOf<PolicyView>('readPolicy', {}, visit),
    answerOf<DeploymentView>('readDeployment', {}, visit),
    answerOf<Requests>('listOperatorRequests', { query: {} }, visit),
    answerOf<Orders>('listEndings', { query: { limit: 10 } }, visit),
    answerOf<SealsView>('listSeals', {}, visit),
  ]);
  return overviewPage({
    ...site,
    policy,
    deployment,
    waiting: requests.requests.length,
    moreWaiting: requests.next !== undefined,
    running: orders.endings.filter(({ state }) => state === 'running'),
    lastSealed: seals.seals[0]?.day,
  });
});
