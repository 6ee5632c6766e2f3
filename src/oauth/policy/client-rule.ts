/** Services allowed, blocked, or approved for everyone. */
import { passes, type Rule } from './matter.ts';

export const clientRule: Rule = ({ policy, rule }) => {
  if (rule?.kind === 'blocked')
    return { outcome: 'refuses', reason: 'policy_client_blocked', because: 'the service is blocked' };
  if (rule === undefined && policy.otherClients === 'blocked')
    return {
      outcome: 'refuses',
      reason: 'policy_client_unlisted',
      because: 'no rule allows the service, and services without a rule are blocked',
    };
  return passes(
    rule === undefined ? 'services without a rule of their own are allowed' : 'a rule of its own allows the service',
  );
};
