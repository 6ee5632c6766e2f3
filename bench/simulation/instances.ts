/** How many instances a load takes: as many as its requests fill, and as its work does. */
import type { Deployment } from './deployments.ts';
import { assumed, coresOf, perAuthorization, usableCore } from './facts.ts';

/** At `rate` authorizations a second, and so many requests beside them (Little's law for the requests under way). */
export const instancesFor = (
  deployment: Pick<Deployment, 'accessTokenSeconds' | 'concurrency' | 'memoryMB'>,
  rate: number,
  moreRequests = 0,
): number => {
  const executions = rate * perAuthorization(deployment.accessTokenSeconds).executions + moreRequests;
  const byRequests = (executions * assumed('executionSeconds')) / deployment.concurrency;
  const core = Math.min(1, coresOf[deployment.memoryMB]) * usableCore;
  const byWork = (executions * assumed('cpuMillisecondsPerExecution')) / 1_000 / core;
  return Math.max(1, Math.ceil(Math.max(byRequests, byWork)));
};
