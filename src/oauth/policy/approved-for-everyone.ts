/** A service approved for everyone: its permissions are everybody's decision, made by an operator. */
import { type Matter, passes, type Rule } from './matter.ts';
import { approvedBy } from './policy.ts';

/** What rests on that decision is withheld where it is not, or no longer, part of it. */
export const approvedForEveryone: Rule = (matter) => {
  const { rule, permissions, byOperator } = matter;
  const approved = approvedBy(rule);
  const left = byOperator.filter((one) => permissions.includes(one) && !approved.includes(one));
  if (left.length > 0 && left.length === permissions.length)
    return {
      outcome: 'refuses',
      reason: 'policy_no_longer_approved',
      because: 'all of it had been approved for everyone, and is no longer',
    };
  if (left.length > 0)
    return {
      outcome: 'withholds',
      permissions: left,
      because: 'they had been approved for everyone, and are no longer',
    };
  if (approved.length === 0) return passes('the service is not approved for everyone');
  return isForEveryone(matter)
    ? { outcome: 'approves', because: 'all of these permissions are approved for everyone' }
    : passes('more is asked for than is approved for everyone');
};

/** True where an operator has decided about all that is asked for. */
export const isForEveryone = ({ rule, permissions }: Pick<Matter, 'rule' | 'permissions'>): boolean =>
  rule?.kind === 'approved for everyone' && permissions.every((one) => rule.permissions.includes(one));
