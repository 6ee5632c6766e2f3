/** All rules, in the order in which they are asked: what enforces them and what explains them go by the same list. */
import { approvedForEveryone } from './approved-for-everyone.ts';
import { clientRule } from './client-rule.ts';
import { authorizationEndsAt, longestAuthorization } from './longest-authorization.ts';
import type { Matter, PolicyReason, Rule, Verdict } from './matter.ts';
import { needsOperator } from './needs-operator.ts';
import { signInAge, signInEndsAt, signInLevel } from './sign-in.ts';
import { thirdPartyAccess } from './third-party-access.ts';

const rules = {
  third_party_access: thirdPartyAccess,
  service: clientRule,
  sign_in_level: signInLevel,
  sign_in_age: signInAge,
  longest_authorization: longestAuthorization,
  needs_operator: needsOperator,
  approved_for_everyone: approvedForEveryone,
} as const satisfies Readonly<Record<string, Rule>>;

type RuleName = keyof typeof rules;

const judges: readonly Rule[] = Object.values(rules);

export type NamedVerdict = Verdict & { readonly rule: RuleName };

/** What every rule says, whether one before it has refused or not. */
export const verdictsOn = (matter: Matter): readonly NamedVerdict[] =>
  Object.entries(rules).map(([rule, judge]) => ({ rule: rule as RuleName, ...judge(matter) }));

/** What they come to. */
export type Ruling = {
  /** The first refusal; undefined where nothing refuses. */
  readonly refusal: PolicyReason | undefined;
  /** Permissions that are not given (`permissionsAt`). */
  readonly withheld: readonly string[];
  /** When it stops by a rule, in epoch seconds; undefined for never. */
  readonly endsAt: number | undefined;
};

export const rulingOn = (matter: Matter): Ruling => {
  const verdicts = judges.map((judge) => judge(matter));
  const refusal = verdicts.find((one) => one.outcome === 'refuses');
  const ends = [authorizationEndsAt(matter), signInEndsAt(matter)].filter((one) => one !== undefined);
  return {
    refusal: refusal?.outcome === 'refuses' ? refusal.reason : undefined,
    withheld: verdicts.flatMap((one) => (one.outcome === 'withholds' ? one.permissions : [])),
    endsAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
};
