/** What the rules are asked about, and how each of them answers. */
import { isIdentityResource, openidScope } from '../access/openid-scopes.ts';
import type { Permission, Resource } from '../access/resources.ts';
import type { Reason } from '../reasons.ts';
import type { ClientRule, Policy } from './policy.ts';

/** A service that asks a person, or gets and uses what a person allowed it. */
export type Matter = {
  readonly policy: Policy;
  /** The rule for this service; undefined for none. */
  readonly rule: ClientRule | undefined;
  /** Epoch seconds. */
  readonly now: number;
  /** What it asks for or has (`permissionsAt`). */
  readonly permissions: readonly string[];
  /** Those among them that an operator approved for this person, who had asked for that. */
  readonly requested: readonly string[];
  /** Those among them that nobody was asked for, because they were approved for everyone. */
  readonly byOperator: readonly string[];
  /** The sign-in that it rests on. */
  readonly signIn: SignInFacts;
  /** When the person approved, in epoch seconds; undefined while nobody has. */
  readonly approvedAt: number | undefined;
  readonly resources: readonly Resource[];
};

/** Instants are epoch seconds. */
export type SignInFacts = {
  /** When the person proved who they are, and how, by the provider's word; undefined where it did not say. */
  readonly authTime: number | undefined;
  readonly acr: string | undefined;
  /** When the browser session began. */
  readonly sessionAt: number;
};

/** What one rule makes of a matter. */
export type Verdict =
  | { readonly outcome: 'passes'; readonly because: string }
  /** All of it stops: `reason` where a service comes for tokens. */
  | { readonly outcome: 'refuses'; readonly reason: PolicyReason; readonly because: string }
  /** These permissions are not given, for the time being. */
  | { readonly outcome: 'withholds'; readonly permissions: readonly string[]; readonly because: string }
  /** The person is not asked. */
  | { readonly outcome: 'approves'; readonly because: string };

export type PolicyReason = Extract<Reason, `policy_${string}`>;

export type Rule = (matter: Matter) => Verdict;

export const passes = (because: string): Verdict => ({ outcome: 'passes', because });

/** The permission and everything that it includes, in the form of `permissionsAt`. */
export const withIncluded = (remembered: string, resources: readonly Resource[]): readonly string[] => {
  const space = remembered.indexOf(' ');
  const [identifier, scope] = [remembered.slice(0, space), remembered.slice(space + 1)];
  const known = resources.find((one) => one.identifier === identifier || one.identifier === `${identifier}/`);
  const all: string[] = [];
  let next: Permission['inheritsFrom'] = scope;
  while (next !== undefined && !all.includes(next)) {
    all.push(next);
    next = known?.permissions.get(next)?.inheritsFrom;
  }
  // OpenID Connect Core §5.4: the others are about whoever `openid` signs in.
  if (known !== undefined && isIdentityResource(known)) all.push(openidScope);
  return all.map((one) => `${identifier} ${one}`);
};
