/** How many signatures a client may cause. */
import { OAuthError } from '../oauth/errors.ts';
import type { Server } from '../server.ts';
import { takeRateLimit } from './rate-limit.ts';

/** To be taken before the vault is asked. Throws `too_many_requests`. */
export const takeSignature = (clientId: string, server: Server): void => {
  takeRateLimit('clients', clientId, server);
  takeShare(clientId, server);
};

/**
 * For refusals, which anybody can cause without having signed in: never more than a few a second for one client, and not from its
 * share. Throws `too_many_requests`.
 */
export const takeRefusalSignature = (clientId: string, server: Server): void => {
  takeRateLimit('refusals', clientId, server);
  takeShare(`refusals of ${clientId}`, server);
};

/** While Key Vault throttles, one that loops does not use it up for all others. */
const takeShare = (asker: string, { limits, signer, clock }: Server): void => {
  if (!limits.shares.take(asker, clock(), signer.capacity()))
    throw new OAuthError('limit_of_shares', 'too many requests', { retryAfterSeconds: 1 });
};
