/** What the rules leave of what a person allowed before. */
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import { authorizationEndsAt } from '../../oauth/policy/longest-authorization.ts';
import { approvedBy } from '../../oauth/policy/policy.ts';
import type { Server } from '../../server.ts';

/** Undefined when it has lasted as long as it may. Otherwise without what operators no longer approve for everyone. */
export const underRules = async (grant: StoredGrant, server: Server): Promise<StoredGrant | undefined> => {
  const policy = await server.policy();
  const endsAt = authorizationEndsAt({ policy, approvedAt: grant.consentAt });
  if (endsAt !== undefined && server.clock() >= endsAt) return undefined;
  if (grant.byOperator.length === 0) return grant;
  const rule = await server.store.policies.ruleOf(grant.clientId);
  const approved = approvedBy(rule);
  const isLeft = (one: string): boolean => !grant.byOperator.includes(one) || approved.includes(one);
  return {
    ...grant,
    permissions: grant.permissions.filter(isLeft),
    byOperator: grant.byOperator.filter(isLeft),
  };
};
