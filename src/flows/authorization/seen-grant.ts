/** What the person allows this client already, and what that is still worth. */

import type { Session } from '../../oauth/authorization/session.ts';
import { isInForce, isStanding, type StoredGrant } from '../../oauth/grants/grant.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';

export type SeenGrant = {
  /** As stored, whatever it is worth: the next write of it goes by this. */
  readonly stored: StoredGrant | undefined;
  /** What the person allows; undefined when nothing is left of it. */
  readonly inForce: StoredGrant | undefined;
  /** What may be answered by without asking. */
  readonly standing: StoredGrant | undefined;
};

/** Costs one read. */
export const seenGrant = async ({ userKey }: Session, clientId: string, server: Server): Promise<SeenGrant> => {
  const clientKey = clientKeyOf(clientId);
  const stored = await server.store.grants.read(userKey, clientKey);
  if (stored === undefined) return { stored, inForce: undefined, standing: undefined };
  const instants = await server.store.deployment.notBefore.instantsFor({ userKey, clientKey });
  const now = server.clock();
  return {
    stored,
    inForce: isInForce(stored, now, instants) ? stored : undefined,
    standing: isStanding(stored, now, instants) ? stored : undefined,
  };
};
