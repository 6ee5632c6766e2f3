/** What the person allows this client already, and what that is still worth. */

import type { GrantSnapshot } from '../../oauth/authorization/approval.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { isInForce, isStanding, type StoredGrant } from '../../oauth/grants/grant.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import { underRules } from '../policy/remembered.ts';

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
  const ruled = await underRules(stored, server);
  return {
    stored,
    inForce: ruled !== undefined && isInForce(stored, now, instants) ? ruled : undefined,
    standing: ruled !== undefined && isStanding(stored, now, instants) ? ruled : undefined,
  };
};

/** What the next write of the grant goes by. What is no longer in force leaves nothing behind but its row, and the families in it until they leave. */
export const snapshotOf = ({ stored, inForce }: SeenGrant): GrantSnapshot | undefined =>
  stored && withoutState({ ...stored, ...(inForce ?? noDecision) });

const noDecision = { permissions: [], declined: [], once: [], byOperator: [], redirectHosts: [] };

const withoutState = ({ clientId: _, revoked: __, ...snapshot }: StoredGrant): GrantSnapshot => snapshot;
