/** How often one may ask: the buckets of `server.limits`, taken from in one way. */
import { OAuthError } from '../oauth/errors.ts';
import type { Server } from '../server.ts';

type RateLimit = 'sources' | 'clients' | 'refusals' | 'people' | 'families' | 'registrations';

/** Throws `too_many_requests` when the bucket of `key` is empty. */
export const takeRateLimit = (limit: RateLimit, key: string | undefined, server: Server): void => {
  if (key !== undefined && !server.limits[limit].take(key, server.clock()))
    throw new OAuthError(`limit_of_${limit}`, 'too many requests', { retryAfterSeconds: 1 });
};
