/** What operators end of what people authorized: a rule says which, and whatever was decided since is not meant. */
import type { Grant } from './grant.ts';

/** All of it must hold; a rule that says nothing is none. */
export type EndingRule = {
  readonly clientId?: string | undefined;
  /** Hex of the user key. */
  readonly person?: string | undefined;
  /** Epoch seconds: decided before then, and not since. */
  readonly createdBefore?: number | undefined;
  /** A resource identifier, a space and a scope (`permissionsAt`). */
  readonly permission?: string | undefined;
};

/** True for a grant that the rule names, as far as it was decided up to `at` (epoch seconds), when an operator ordered it. */
export const isMeantBy = (rule: EndingRule, grant: Grant, at: number): boolean =>
  grant.grantedAt <= at &&
  (rule.clientId === undefined || rule.clientId === grant.clientId) &&
  (rule.createdBefore === undefined || grant.grantedAt < rule.createdBefore) &&
  (rule.permission === undefined || [...grant.permissions, ...grant.once].includes(rule.permission));
