/** A pipeline of an SDK with no more in it than does something here. */
import type { Pipeline } from './http-client.ts';

/**
 * What stays. The others follow redirects, which these services do not answer with, unpack what is not asked for packed,
 * find proxies, log and trace for nobody, or repeat requests, which `storage/table.ts` and `signing/signer.ts` decide.
 */
const kept: ReadonlySet<string> = new Set([
  'serializationPolicy',
  'deserializationPolicy',
  'userAgentPolicy',
  'setClientRequestIdPolicy',
  'bearerTokenAuthenticationPolicy',
]);

/** Only the SDK's own operations need these. */
const ofOperations: ReadonlySet<string> = new Set(['serializationPolicy', 'deserializationPolicy']);

const removeUnless = (keeps: (name: string) => boolean, pipeline: Pipeline): void => {
  for (const { name } of pipeline.getOrderedPolicies()) if (!keeps(name)) pipeline.removePolicy({ name });
};

/** Takes out of a client's pipeline what does nothing here. */
export const makeThin = (pipeline: Pipeline): void => removeUnless((name) => kept.has(name), pipeline);

/** The same pipeline, for requests that are written without the SDK's operations. */
export const forOwnRequests = (pipeline: Pipeline): Pipeline => {
  const own = pipeline.clone();
  removeUnless((name) => kept.has(name) && !ofOperations.has(name), own);
  return own;
};
