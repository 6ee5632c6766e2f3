/** Where something is asked for (RFC 8707): the resources that a request names, or that its scopes imply. */
import { OAuthError } from '../errors.ts';
import type { AskedScopes } from './asked-scopes.ts';
import { isIdentityResource, signsIn } from './openid-scopes.ts';
import { isResourceIdentifier, namedResource, type Resource } from './resources.ts';

/** The userinfo endpoint, where scopes sign in. */
export const identityPlaces = (scopes: readonly string[], known: readonly Resource[]): readonly Resource[] =>
  signsIn(scopes) ? known.filter(isIdentityResource) : [];

export const unique = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];

/** Throws `invalid_target`. */
export const namedResources = (names: readonly string[], known: readonly Resource[]): readonly Resource[] =>
  unique(
    names.map((name) => {
      if (!isResourceIdentifier(name))
        throw new OAuthError('resource_malformed', 'resource must be an absolute URI without fragment');
      const resource = namedResource(name, known);
      if (resource === undefined) throw new OAuthError('resource_unknown', 'a resource is not known here');
      return resource;
    }),
  );

/** The one resource that has all the scopes, or something that the client may ask for. Throws `invalid_scope`. */
export const impliedResources = (
  allowed: readonly string[],
  { scopes, identity }: AskedScopes,
  known: readonly Resource[],
): readonly Resource[] => {
  if (scopes.length === 0 && identity.length > 0) return identityPlaces(identity, known);
  const fits = (resource: Resource): boolean =>
    scopes.length > 0
      ? scopes.every((scope) => resource.permissions.has(scope))
      : allowed.some((scope) => resource.permissions.has(scope));
  const implied = known.find(fits);
  if (implied === undefined)
    throw new OAuthError('resource_not_implied', 'no resource has these scopes; name it with resource');
  return [implied];
};
