/** What the sign-in provider says of a person, and what of it the tokens of a resource tell. */

/** As of the sign-in that the authorization rests on. What the provider did not say is undefined. */
export type Person = {
  /** The provider's claim that never changes for a person: what makes them the same person everywhere. */
  readonly subject: string;
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  readonly emailVerified?: boolean | undefined;
  /** What the provider's application gives the person. */
  readonly roles: readonly string[];
};

/**
 * What a resource may ask for -> the claim in its tokens: OpenID Connect Core §5.1 and RFC 9068 §2.2.3.1 name all but the
 * first. `sub` stays the opaque identifier that RFC 9068 §2.2 asks for, so the provider's goes by a name of its own.
 */
const claimNames = { subject: 'uid', name: 'name', account: 'preferred_username', roles: 'roles' } as const;

export type PersonClaim = keyof typeof claimNames;

export const personClaims = Object.keys(claimNames) as readonly PersonClaim[];

type TellingResource = { readonly identifier: string; readonly claims: readonly PersonClaim[] };

/**
 * The claims of a token for these resources: each of them reads the whole token, so it tells what all of them may know.
 * Nothing when one of them is not known any more.
 */
export const claimsFor = (
  person: Person | undefined,
  resources: readonly string[],
  known: readonly TellingResource[],
): Readonly<Record<string, unknown>> => {
  if (person === undefined) return {};
  const isTold = (claim: PersonClaim): boolean =>
    resources.every((identifier) =>
      known.some((resource) => resource.identifier === identifier && resource.claims.includes(claim)),
    );
  const told = personClaims.filter((claim) => person[claim] !== undefined && isTold(claim));
  return Object.fromEntries(told.map((claim) => [claimNames[claim], person[claim]]));
};

/** The same claims of a token, read back. */
export const personClaimsIn = (payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const names = Object.values(claimNames).filter((name) => payload[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, payload[name]]));
};
