/** Who signed in upstream, by the claims of a token of the provider's. */
import type { Config } from '../config.ts';
import type { Person } from '../oauth/access/person.ts';
import type { Role } from '../oauth/authorization/session.ts';
import { OAuthError } from '../oauth/errors.ts';
import { canonicalSubject, userKeyOf } from '../oauth/tokens/locator.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Somebody who has signed in upstream. */
export type SignedIn = {
  readonly userKey: Buffer;
  readonly person: Person;
  readonly displayName: string;
  readonly accountName: string;
  readonly role: Role | undefined;
  readonly authTime: number | undefined;
  readonly acr: string | undefined;
  readonly amr: readonly string[] | undefined;
};

const accountTextLimit = 200;
/** OpenID Connect Core §2. Cutting it short could make two people one. */
const subjectLimit = 255;
/** All roles together: they go into tokens, and a token must fit into a header. The same for what `amr` lists. */
const textsLimit = 2_000;
/** RFC 5321 §4.5.3.1.3. A longer one, cut short, would be somebody else's. */
const emailLimit = 254;

/**
 * The person's key is the configured issuer, which the provider has proven to be, and the one configured claim that never
 * changes; never an e-mail address, which can be given to somebody else. Throws `access_denied` without that claim.
 */
export const signedInBy = (claims: Claims, signIn: Config['signIn']): SignedIn => {
  const claim = claims[signIn.subjectClaim];
  if (typeof claim !== 'string' || claim === '' || claim.length > subjectLimit)
    throw new OAuthError('sign_in_without_subject', 'the sign-in provider did not say who signed in');
  const subject = canonicalSubject(claim, signIn.subjectClaim);
  const person = personOf(claims, subject);
  const { name, account } = person;
  return {
    userKey: userKeyOf(signIn.issuer, subject),
    person,
    displayName: name ?? account ?? 'You',
    accountName: account ?? '',
    role: signIn.operators.includes(subject) ? 'operator' : roleIn(textsIn(claims.roles, Infinity), signIn),
    authTime: typeof claims.auth_time === 'number' ? claims.auth_time : undefined,
    acr: textOf(claims.acr),
    amr: claims.amr === undefined ? undefined : textsIn(claims.amr),
  };
};

/**
 * The greater of the roles that the provider names. In any letter case: deployments have applications whose role is spelt in
 * another one, and a directory does not tell them apart either.
 */
const roleIn = (roles: readonly string[], { operatorRole, auditorRole }: Config['signIn']): Role | undefined => {
  const has = (wanted: string): boolean => roles.some((one) => one.toLowerCase() === wanted.toLowerCase());
  if (has(operatorRole)) return 'operator';
  return has(auditorRole) ? 'auditor' : undefined;
};

const personOf = (claims: Claims, subject: string): Person => ({
  subject,
  name: textOf(claims.name),
  account: textOf(claims.preferred_username) ?? textOf(claims.email),
  givenName: textOf(claims.given_name),
  familyName: textOf(claims.family_name),
  email: String(claims.email ?? '').length <= emailLimit ? textOf(claims.email, emailLimit) : undefined,
  emailVerified: verifiedBy(claims),
  roles: textsIn(claims.roles),
});

/** Entra ID says it by a claim of its own, "email domain owner verified", and not always as a boolean. */
const verifiedBy = ({ email_verified: verified, xms_edov: domainOwner }: Claims): boolean | undefined => {
  if (typeof verified === 'boolean') return verified;
  return domainOwner === undefined ? undefined : [true, 1, '1', 'true'].some((yes) => yes === domainOwner);
};

/** Texts only, and as many as fit: a role that is left out allows nothing. */
const textsIn = (value: unknown, limit = textsLimit): readonly string[] => {
  let length = 0;
  return [value ?? []]
    .flat()
    .filter((one): one is string => typeof one === 'string' && one.isWellFormed())
    .filter((one) => {
      length += one.length;
      return length <= limit;
    });
};

const textOf = (value: unknown, limit = accountTextLimit): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, limit).toWellFormed() : undefined;
