/**
 * How resources and their permissions are written down: in the setting RESOURCES, in a file, and through the admin API. One
 * shape for all of them; what one resource must hold to by itself is here, and what all of them together must in `catalogue.ts`.
 */
import * as z from 'zod/mini';
import { type DetailType, detailDeclarations } from './detail-types.ts';
import { legible } from './legible.ts';
import { type Found, known, membersBeside, places, tag } from './members.ts';
import { openidScopes } from './openid-scopes.ts';
import { type PersonClaim, personClaims } from './person.ts';
import { isResourceIdentifier, reservedPrefix, scopeTokenPattern } from './resources.ts';

/** What the keys can sign with; a deployment's may do less. */
const resourceAlgorithms = ['RS256', 'PS256', 'ES256'] as const;

/** Members such as `name#de` (RFC 7591 §2.2): another language's words. */
type Translated = { readonly [member: `${string}#${string}`]: string };

/** A permission as it is written. */
export type PermissionDeclaration = Translated & {
  readonly id: string;
  readonly category?: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly highPrivilege?: boolean | undefined;
  readonly inheritsFrom?: string | null | undefined;
  readonly icon?: string | undefined;
};

/** A resource as it is written. */
export type ResourceDeclaration = Translated & {
  readonly identifier: string;
  readonly name: string;
  readonly claims?: readonly PersonClaim[] | undefined;
  readonly signingAlgorithm?: (typeof resourceAlgorithms)[number] | undefined;
  readonly permissions?: readonly PermissionDeclaration[] | undefined;
  readonly authorizationDetails?: Readonly<Record<string, DetailType>> | undefined;
};

const translations = { permission: `^(name|category|description)${tag}`, resource: `^name${tag}` } as const;

const words = legible(1_000);

const permissionMembers = {
  id: z.string().check(
    z.maxLength(200),
    z.regex(scopeTokenPattern, 'must be a scope (RFC 6749 §3.3)'),
    z.refine((id) => !id.startsWith(reservedPrefix), `must not begin with ${reservedPrefix}, which is reserved`),
    z.refine((id) => !openidScopes.includes(id), "is one of OpenID Connect's own scopes, which cannot be permissions"),
    z.describe('The scope on the wire.'),
  ),
  category: z.optional(legible(100)).check(z.describe('The heading that it stands under; Other without it.')),
  name: legible(200).check(z.describe('What a service can do with it, as people read it: it begins with a verb.')),
  description: words.check(z.describe('A sentence that says what that means.')),
  highPrivilege: z.optional(z.boolean()).check(z.describe('The approval page marks it.')),
  inheritsFrom: z.nullish(z.string()).check(z.describe('Id of the permission of this resource that it includes.')),
  icon: z
    .optional(z.string().check(z.regex(/^[a-z]{1,20}$/)))
    .check(z.describe('Name of the picture beside it, such as code, money or people; a key without it.')),
};

const permissionShape = z
  .catchall(z.object(permissionMembers), words)
  .check(
    known(permissionMembers, translations.permission),
    membersBeside({ [translations.permission]: { type: 'string' } }),
  );

/** Each id once, each parent there, and nothing that includes itself, be it through others. */
const permissionProblems = (permissions: readonly PermissionDeclaration[]): readonly Found[] => {
  const parents = new Map(permissions.map(({ id, inheritsFrom }) => [id, inheritsFrom ?? undefined]));
  const ids = permissions.map(({ id }) => id);
  const looping = loopsIn(parents);
  return permissions.flatMap(({ id, inheritsFrom }, index) => [
    ...(ids.indexOf(id) < index ? [{ path: [index, 'id'], message: 'is there twice' }] : []),
    ...(typeof inheritsFrom === 'string' && !parents.has(inheritsFrom)
      ? [{ path: [index, 'inheritsFrom'], message: 'names no permission of this resource' }]
      : []),
    ...(looping.has(id) ? [{ path: [index, 'inheritsFrom'], message: 'includes itself' }] : []),
  ]);
};

/** Ids that come to themselves again. Each is looked at once, however long the ways are. */
const loopsIn = (parents: ReadonlyMap<string, string | undefined>): ReadonlySet<string> => {
  const [done, loops] = [new Set<string>(), new Set<string>()];
  for (const start of parents.keys()) {
    const way: string[] = [];
    let next: string | undefined = start;
    while (next !== undefined && !done.has(next)) {
      done.add(next);
      way.push(next);
      next = parents.get(next);
    }
    const at = next === undefined ? -1 : way.indexOf(next);
    if (at >= 0) for (const one of way.slice(at)) loops.add(one);
  }
  return loops;
};

const resourceMembers = {
  identifier: z
    .string()
    .check(
      z.maxLength(1_000),
      z.refine(isResourceIdentifier, 'must be an absolute URI without fragment'),
      z.describe('An absolute URI without fragment (RFC 8707): what requests name, and the aud of tokens.'),
    ),
  name: legible(200).check(z.describe('What people read.')),
  claims: z
    .optional(z.array(z.enum(personClaims)))
    .check(z.describe('What tokens tell of the person; the subject alone without it.')),
  signingAlgorithm: z
    .optional(z.enum(resourceAlgorithms))
    .check(z.describe('What its tokens are signed with, of what the keys of the deployment can.')),
  permissions: z
    .optional(z.array(permissionShape).check(z.maxLength(500), places(permissionProblems)))
    .check(z.describe('What can be asked for; the built-in catalogue without it.')),
  authorizationDetails: z
    .optional(detailDeclarations)
    .check(z.describe('What can be asked for in detail (RFC 9396): each type, of one resource only.')),
};

/** The shape of one resource; its output is a `ResourceDeclaration`, which the library's types do not follow. */
export const resourceShape = z
  .catchall(z.object(resourceMembers), words)
  .check(known(resourceMembers, translations.resource), membersBeside({ [translations.resource]: { type: 'string' } }));
