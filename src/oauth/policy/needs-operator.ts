/** Permissions that need an operator's approval. */
import { type Matter, passes, type Rule, withIncluded } from './matter.ts';
import { approvedBy } from './policy.ts';

/**
 * A permission that includes one that needs approval needs it as well, or nobody would have to ask. Approving a service for
 * everyone is an operator's approval, too.
 */
export const needsOperator: Rule = (matter) => {
  const withheld = unapproved(matter);
  if (matter.policy.needsOperator.length === 0) return passes('no permission needs an operator’s approval');
  return withheld.length === 0
    ? passes('none of these permissions needs an approval that is not there')
    : { outcome: 'withholds', permissions: withheld, because: 'an operator has not approved these permissions' };
};

/** Those that need an operator's approval and do not have it. */
export const unapproved = (
  matter: Pick<Matter, 'policy' | 'rule' | 'permissions' | 'requested' | 'resources'>,
): readonly string[] => {
  const { policy, rule, requested, permissions, resources } = matter;
  if (policy.needsOperator.length === 0) return [];
  const forEveryone = approvedBy(rule);
  const approved = new Set([...requested, ...forEveryone].flatMap((one) => withIncluded(one, resources)));
  const isMissing = (one: string): boolean => policy.needsOperator.includes(one) && !approved.has(one);
  return permissions.filter((one) => withIncluded(one, resources).some(isMissing));
};

/** Those that need an operator's approval, whether they have it or not. */
export const needing = (matter: Pick<Matter, 'policy' | 'permissions' | 'resources'>): readonly string[] =>
  unapproved({ ...matter, rule: undefined, requested: [] });
