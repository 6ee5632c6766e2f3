/** What a request asks for, in the words of the resources that it is asked at. */

import { bringersOf, includedIn } from '../../oauth/access/included.ts';
import { identityLast, isIdentityResource, isIdentityScope, isRequired } from '../../oauth/access/openid-scopes.ts';
import { type PersonClaim, personClaims } from '../../oauth/access/person.ts';
import type { Permission, Resource } from '../../oauth/access/resources.ts';
import { permissionsAt } from '../../oauth/access/target.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import { includesAll, type StoredGrant } from '../../oauth/grants/grant.ts';
import type { ApprovalPermission, Meaning } from '../../pages/approval-permissions.ts';

type Circumstances = {
  /** Where it is asked, in the order of the configuration. */
  readonly resources: readonly Resource[];
  readonly grant: StoredGrant | undefined;
};

/**
 * One box for each scope, because a token has one list of scopes for all of its audiences (RFC 9068 §2.2.3): what is allowed
 * at one of them cannot be left out at another. So the box says what the scope means at each of them.
 */
export const askedPermissions = (
  { scopes }: Asked,
  { resources, grant }: Circumstances,
): readonly ApprovalPermission[] => {
  const found = identityLast(scopes).flatMap((scope) => {
    const meanings = meaningsOf(scope, resources);
    const [first, ...elsewhere] = meanings;
    if (first === undefined) return [];
    return [{ ...first, elsewhere, highPrivilege: meanings.some(isHigh) }];
  });
  const named = new Map(found.map(({ id, name }) => [id, name]));
  return nestedInOrder(found).map((permission) => {
    const identifiers = resources.map(({ identifier }) => identifier);
    const everywhere = permissionsAt({ scopes: [permission.id], resources: identifiers }, resources);
    // Allowed before means at each of them.
    const alreadyGranted = grant !== undefined && includesAll(grant.permissions, everywhere);
    const wasDeclined = grant?.declined.some((one) => everywhere.includes(one)) === true;
    return {
      ...permission,
      required: isRequired(permission.id),
      // Leaving it out was a decision; being asked again does not take it back.
      ticked: !wasDeclined,
      alreadyGranted,
      isNew: grant !== undefined && !alreadyGranted && !wasDeclined,
      partOf: bringersOf(permission.id, scopes, resources).flatMap((id) => named.get(id) ?? []),
    };
  });
};

type FoundMeaning = Omit<Meaning, 'includes'> & Permission & { readonly includes: readonly Permission[] };

const isHigh = ({ highPrivilege }: FoundMeaning): boolean => highPrivilege;

/** What a scope means where it is asked; resources that mean the same by it are named together. */
const meaningsOf = (scope: string, resources: readonly Resource[]): readonly FoundMeaning[] => {
  const isOneOfMany = !isIdentityScope(scope) && resources.filter((one) => !isIdentityResource(one)).length > 1;
  const all = resources.flatMap((resource) => {
    const permission = resource.permissions.get(scope);
    return permission === undefined
      ? []
      : [{ ...permission, at: [resource.name], includes: includedIn(permission, resource) }];
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

/** Category by category as they come, in each what is included before what includes it. */
const nestedInOrder = <P extends { readonly category: string; readonly includes: readonly unknown[] }>(
  permissions: readonly P[],
): readonly P[] =>
  [...Map.groupBy(permissions, ({ category }) => category).values()].flatMap((members) =>
    members.toSorted((a, b) => a.includes.length - b.includes.length),
  );

/** The bare id tells a person nothing that they would recognize. */
const words: Readonly<Record<PersonClaim, string | undefined>> = {
  subject: undefined,
  name: 'your name',
  account: 'your account name',
  roles: 'your roles',
};

/** What the service reads about the person in its tokens: it may ask for one for each resource alone. */
export const learnedAt = (resources: readonly Resource[]): readonly string[] =>
  personClaims
    .filter((claim) => resources.some(({ claims }) => claims.includes(claim)))
    .flatMap((claim) => words[claim] ?? []);
