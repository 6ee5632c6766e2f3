/** Permissions that come with others: whoever may change something may see it. */
import type { Permission, Resource } from './resources.ts';
import { placesOf, type Target } from './target.ts';

/** What a permission brings with it at a resource, nearest first. Permissions that the catalogue does not offer are not worth a word. */
export const includedIn = (
  permission: Permission,
  { permissions }: Pick<Resource, 'permissions'>,
): readonly Permission[] => {
  const included: Permission[] = [];
  let next = permission.inheritsFrom;
  while (next !== undefined) {
    const one = permissions.get(next);
    if (one === undefined || one === permission || included.includes(one)) break;
    included.push(one);
    next = one.inheritsFrom;
  }
  return included;
};

/**
 * Scopes of these that bring `scope` with them at each of the places where it means something: while one of them is allowed, so
 * is `scope`, because a token has one list of scopes for all of its audiences (RFC 9068 §2.2.3).
 */
export const bringersOf = (
  scope: string,
  scopes: readonly string[],
  places: readonly Resource[],
): readonly string[] => {
  const meant = places.filter(({ permissions }) => permissions.has(scope));
  return scopes.filter((other) => meant.length > 0 && meant.every((place) => brings(other, scope, place)));
};

const brings = (other: string, scope: string, place: Resource): boolean => {
  const permission = place.permissions.get(other);
  return permission !== undefined && includedIn(permission, place).some(({ id }) => id === scope);
};

/** Those of the scopes asked for that are chosen, or come with one that is. */
export const withIncluded = (
  asked: Target,
  chosen: readonly string[],
  known: readonly Resource[],
): readonly string[] => {
  const places = placesOf(asked, known);
  return asked.scopes.filter((scope) => chosen.includes(scope) || bringersOf(scope, chosen, places).length > 0);
};
