/** What a request asks for, in the words of the resources that it is asked at. */

import { bringersOf, includedIn } from '../../oauth/access/included.ts';
import { identityLast, isIdentityResource, isIdentityScope, isRequired } from '../../oauth/access/openid-scopes.ts';
import { type PersonClaim, personClaims } from '../../oauth/access/person.ts';
import type { Permission, Resource } from '../../oauth/access/resources.ts';
import { permissionsAt } from '../../oauth/access/target.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import { includesAll, type StoredGrant } from '../../oauth/grants/grant.ts';
import type { ApprovalPermission, Meaning } from '../../pages/approval-permissions.ts';
import { permissionIn, resourceNameIn } from '../../pages/permission-words.ts';
import type { Words } from '../../pages/words/words.ts';

type Circumstances = {
  /** Where it is asked, in the order of the configuration. */
  readonly resources: readonly Resource[];
  readonly grant: StoredGrant | undefined;
  /** What the person ticked on the page that comes back to them; undefined for one that they see first. */
  readonly ticked: readonly string[] | undefined;
  readonly words: Words;
};

type Found = FoundMeaning & Pick<ApprovalPermission, 'elsewhere'> & { readonly bringers: readonly string[] };

/**
 * One box for each scope, because a token has one list of scopes for all of its audiences (RFC 9068 §2.2.3): what is allowed
 * at one of them cannot be left out at another. So the box says what the scope means at each of them. A permission that comes
 * with one other alone lies within that one. The far-reaching come first.
 */
export const askedPermissions = ({ scopes }: Asked, circumstances: Circumstances): readonly ApprovalPermission[] => {
  const found = identityLast(scopes).flatMap((scope) => foundOf(scope, scopes, circumstances));
  const outermost = (one: Found): readonly Found[] =>
    found.filter(({ id, bringers }) => bringers.length === 0 && one.bringers.includes(id));
  const within = Map.groupBy(
    found.filter((one) => outermost(one).length === 1),
    (one) => outermost(one)[0]?.id,
  );
  const shown = (one: Found): ApprovalPermission => shownOf(one, found, circumstances);
  return farReachingFirst(found.filter((one) => outermost(one).length !== 1)).map((one) => ({
    ...shown(one),
    within: (within.get(one.id) ?? []).toSorted(broadestFirst).map(shown),
  }));
};

const farReachingFirst = (all: readonly Found[]): readonly Found[] => [
  ...all.filter(({ highPrivilege }) => highPrivilege),
  ...all.filter(({ highPrivilege }) => !highPrivilege),
];

const broadestFirst = (a: Found, b: Found): number => a.bringers.length - b.bringers.length;

const foundOf = (scope: string, scopes: readonly string[], { resources, words }: Circumstances): readonly Found[] => {
  const meanings = meaningsOf(scope, resources, words);
  const [first, ...elsewhere] = meanings;
  if (first === undefined) return [];
  const highPrivilege = meanings.some((one) => one.highPrivilege);
  return [{ ...first, elsewhere, highPrivilege, bringers: bringersOf(scope, scopes, resources) }];
};

const shownOf = (
  { bringers, ...one }: Found,
  found: readonly Found[],
  { resources, grant, ticked }: Circumstances,
): ApprovalPermission => {
  const identifiers = resources.map(({ identifier }) => identifier);
  const everywhere = permissionsAt({ scopes: [one.id], resources: identifiers }, resources);
  // Allowed before means at each of them.
  const alreadyGranted = grant !== undefined && includesAll(grant.permissions, everywhere);
  const wasDeclined = grant?.declined.some((declined) => everywhere.includes(declined)) === true;
  const wasOnce = !alreadyGranted && grant?.once.some((once) => everywhere.includes(once)) === true;
  return {
    ...one,
    includes: one.includes.filter(({ id }) => !found.some((other) => other.id === id)),
    required: isRequired(one.id),
    // Leaving it out was a decision; being asked again does not take it back.
    ticked: ticked?.includes(one.id) ?? !wasDeclined,
    alreadyGranted,
    wasOnce,
    isNew: grant !== undefined && !alreadyGranted && !wasDeclined && !wasOnce,
    comesWith: found.filter(({ id }) => bringers.includes(id)).map(({ name }) => name),
  };
};

type FoundMeaning = Omit<Meaning, 'includes'> & Permission & { readonly includes: readonly Permission[] };

/** What a scope means where it is asked; resources that mean the same by it are named together. */
const meaningsOf = (scope: string, resources: readonly Resource[], words: Words): readonly FoundMeaning[] => {
  const isOneOfMany = !isIdentityScope(scope) && resources.filter((one) => !isIdentityResource(one)).length > 1;
  const all = resources.flatMap((resource) => {
    const permission = resource.permissions.get(scope);
    if (permission === undefined) return [];
    const includes = includedIn(permission, resource).map((one) => permissionIn(one, words));
    return [{ ...permissionIn(permission, words), at: [resourceNameIn(resource, words)], includes }];
  });
  const groups = Map.groupBy(all, (one) =>
    JSON.stringify([one, ...one.includes].map(({ name, description }) => [name, description])),
  );
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ ...first, at: isOneOfMany ? same.flatMap(({ at }) => at) : [] }];
  });
};

/** What the service reads about the person in its tokens: it may ask for one for each resource alone. */
export const learnedAt = (resources: readonly Resource[]): readonly Exclude<PersonClaim, 'subject'>[] =>
  // The bare id tells a person nothing that they would recognize.
  personClaims.filter(
    (claim): claim is Exclude<PersonClaim, 'subject'> =>
      claim !== 'subject' && resources.some(({ claims }) => claims.includes(claim)),
  );
