/** A pipeline of an SDK with no more in it than does something here. */
import type { Pipeline } from './http-client.ts';

/**
 * What stays. The others serialize the SDK's own operations, follow redirects, which these services do not answer with, unpack
 * what is not asked for packed, find proxies, log and trace for nobody, or repeat requests, which `storage/table.ts` decides.
 */
const kept: ReadonlySet<string> = new Set([
  'userAgentPolicy',
  'setClientRequestIdPolicy',
  'bearerTokenAuthenticationPolicy',
  'keyVaultAuthenticationPolicy',
  // Ours (`signing/vault-client.ts`).
  'vaultClockAndTimeLimit',
  'knownChallenge',
]);

/** Takes out of a client's pipeline what does nothing for requests that are sent through the pipeline itself. */
export const makeThin = (pipeline: Pipeline): void => {
  for (const { name } of pipeline.getOrderedPolicies()) if (!kept.has(name)) pipeline.removePolicy({ name });
};
