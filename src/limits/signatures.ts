/** How many signatures a client may cause. */
import type { Server } from '../server.ts';
import { takeRateLimit } from './rate-limit.ts';

/** To be taken before the vault is asked. Throws `too_many_requests`. */
export const takeSignature = (clientId: string, server: Server): void => {
  takeRateLimit('clients', clientId, server);
  // While Key Vault throttles, no client gets more than its share, so that one that loops does not use it up for all others.
  if (server.signer.isThrottled()) takeRateLimit('shares', clientId, server);
};

/**
 * For refusals, which anybody can cause without having signed in: at any time no more than a client's share while Key Vault
 * throttles, and not from that. Throws `too_many_requests`.
 */
export const takeRefusalSignature = (clientId: string, server: Server): void =>
  takeRateLimit('shares', `refusals of ${clientId}`, server);
