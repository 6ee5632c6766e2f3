/** What a service may learn of a person who signs in (OpenID Connect Core §5.1), and by which scope people allow it (§5.4). */
import type { Person } from './person.ts';

type IdentityClaim = {
  readonly scope: 'profile' | 'email';
  /** Undefined for what the sign-in provider did not say. */
  readonly of: (person: Person) => string | boolean | undefined;
};

/** One row per claim that the metadata document lists. */
const identityClaims: Readonly<Record<string, IdentityClaim>> = {
  name: { scope: 'profile', of: ({ name }) => name },
  given_name: { scope: 'profile', of: ({ givenName }) => givenName },
  family_name: { scope: 'profile', of: ({ familyName }) => familyName },
  preferred_username: { scope: 'profile', of: ({ account }) => account },
  email: { scope: 'email', of: ({ email }) => email },
  email_verified: { scope: 'email', of: ({ emailVerified }) => emailVerified },
};

export const identityClaimNames: readonly string[] = Object.keys(identityClaims);

/** The scope by which a claim is allowed; undefined for one that is not offered. */
export const scopeOfClaim = (name: string): string | undefined =>
  Object.hasOwn(identityClaims, name) ? identityClaims[name]?.scope : undefined;

/** The claims that come with these scopes. */
export const claimsOfScopes = (scopes: readonly string[]): readonly string[] =>
  identityClaimNames.filter((name) => scopes.includes(scopeOfClaim(name) ?? ''));

/** Those of the named claims that the person allowed and the provider told. */
export const toldClaims = (
  person: Person | undefined,
  names: readonly string[],
  scopes: readonly string[],
): Readonly<Record<string, string | boolean>> => {
  if (person === undefined) return {};
  const told = Object.entries(identityClaims).flatMap(([name, { scope, of }]) => {
    const value = names.includes(name) && scopes.includes(scope) ? of(person) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(told);
};
