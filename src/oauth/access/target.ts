/** What is asked for: scopes (RFC 6749 §3.3) at resources (RFC 8707). */
import { OAuthError } from '../errors.ts';
import {
  findResource,
  isOurOwn,
  isResourceIdentifier,
  isSameResource,
  type Permission,
  type Resource,
  resourceKey,
  scopeTokenPattern,
} from './resources.ts';

export type Target = {
  /** Sorted, without repetition. */
  readonly scopes: readonly string[];
  /** Identifiers; at least one. */
  readonly resources: readonly string[];
};

export type TargetRequest = {
  readonly scope: string | undefined;
  readonly resources: readonly string[];
  /** What the client was registered for. */
  readonly allowed: readonly string[];
  /** Whether a refresh token comes with what is asked for, so that nobody needs to ask for one. */
  readonly refreshes?: boolean;
};

/**
 * Decides what a client asks for. Without `resource` it is the one resource that has all the scopes; without `scope` all
 * that the client may ask for there. Throws `invalid_scope` or `invalid_target`: nothing is dropped in silence.
 */
export const resolveTarget = (request: TargetRequest, known: readonly Resource[]): Target => {
  const scopes = askedScopes(request, known);
  const resources =
    request.resources.length > 0 ? namedResources(request.resources, known) : impliedResources(request, scopes, known);
  const offered = (scope: string) => resources.some((resource) => resource.permissions.has(scope));
  const wanted = scopes.length > 0 ? scopes : request.allowed.filter(offered);
  const isWanted = (resource: Resource) => wanted.some((scope) => resource.permissions.has(scope));
  if (wanted.length === 0) throw new OAuthError('scope_none_allowed', 'the client may not ask for anything here');
  if (!wanted.every((scope) => request.allowed.includes(scope) && offered(scope)))
    throw new OAuthError('scope_not_allowed', 'a scope is unknown, not of this resource, or not for this client');
  // A token is not valid at a resource where it may do nothing.
  if (!resources.every(isWanted))
    throw new OAuthError('resource_without_scope', 'nothing is asked for at one of the resources');
  // A second audience could use the token here.
  if (resources.length > 1 && resources.some(isOurOwn))
    throw new OAuthError('resource_admin_with_others', 'a token for the admin API is for nothing else');
  return { scopes: [...wanted].sort(), resources: resources.map((resource) => resource.identifier) };
};

/** What a person allowed of a request: a resource of which they allowed nothing is no part of it, whatever it comes to offer. */
export const approvedTarget = (
  { resources }: Target,
  scopes: readonly string[],
  known: readonly Resource[],
): Target => ({
  scopes,
  resources: resources.filter((name) => permissionsAt({ scopes, resources: [name] }, known).length > 0),
});

/** What was granted, less what an operator has since taken from the client. */
export const stillAllowed = (
  { scopes, resources }: Target,
  client: { readonly scopes: readonly string[] },
): Target => ({
  scopes: scopes.filter((scope) => client.scopes.includes(scope)),
  resources,
});

/**
 * Narrows what was granted (RFC 6749 §6, RFC 8707 §2.2). Throws if more is asked for than was granted, and `invalid_target`
 * for a named resource where nothing was, or that is not configured any more: no token is for an audience that was refused.
 */
export const narrowTarget = (
  granted: Target,
  request: { readonly scope: string | undefined; readonly resources: readonly string[] },
  known: readonly Resource[],
): Target => {
  const asked = askedScopes({ ...request, refreshes: true }, known);
  const places = grantedPlaces(granted, request.resources, known);
  if (asked.some((scope) => !granted.scopes.includes(scope)))
    throw new OAuthError('scope_not_granted', 'a scope is not part of the grant');
  const offered = (scope: string) => places.some(({ permissions }) => permissions.has(scope));
  const scopes = (asked.length > 0 ? asked : granted.scopes).filter(offered);
  const isOfUse = ({ permissions }: Resource): boolean => scopes.some((scope) => permissions.has(scope));
  const isNamed = request.resources.length > 0;
  if (scopes.length === 0 && (asked.length > 0 || !isNamed))
    throw new OAuthError('scope_none_left', 'nothing that was granted is left for this resource');
  if (isNamed && !places.every(isOfUse))
    throw new OAuthError('resource_without_granted_scope', 'nothing was granted at one of the resources');
  return { scopes, resources: places.filter(isOfUse).map(({ identifier }) => identifier) };
};

/** The named ones of the granted resources, or all of them, as far as they are still configured. */
const grantedPlaces = (granted: Target, names: readonly string[], known: readonly Resource[]): readonly Resource[] => {
  const there = granted.resources.map((name) => findResource(name, known)).filter((one) => one !== undefined);
  if (names.length === 0) {
    if (there.length === 0) throw new OAuthError('resource_gone', 'no resource of the grant is there any more');
    return there;
  }
  const named = names.map((name) => findResource(name, there)).filter((one) => one !== undefined);
  if (named.length < names.length) throw new OAuthError('resource_not_granted', 'a resource is not part of the grant');
  return unique(named);
};

/** An absent or empty scope is no scope. Throws `invalid_scope` outside the grammar of RFC 6749 §3.3. */
const parseScope = (text: string | undefined): readonly string[] => {
  if (text === undefined || text === '') return [];
  const tokens = text.split(' ');
  if (!tokens.every((token) => scopeTokenPattern.test(token)))
    throw new OAuthError('scope_malformed', 'scope is not a list of scope tokens with single spaces between them');
  return [...new Set(tokens)];
};

/** OpenID Connect Core §5.4. */
const openidScopes = ['openid', 'profile', 'email', 'address', 'phone'];

/**
 * The scopes asked for, without `offline_access` (OpenID Connect Core §11), which many libraries send of themselves, where a
 * refresh token comes anyway. A resource may have permissions of any of these names. Throws `invalid_scope`.
 */
const askedScopes = (
  { scope, refreshes = false }: Pick<TargetRequest, 'scope' | 'refreshes'>,
  known: readonly Resource[],
): readonly string[] => {
  const tokens = parseScope(scope);
  const strange = tokens.filter((token) => !known.some(({ permissions }) => permissions.has(token)));
  const openid = strange.find((token) => openidScopes.includes(token));
  if (openid !== undefined)
    throw new OAuthError('scope_openid_unsupported', `OpenID Connect is not offered here yet; ask without ${openid}`);
  if (!strange.includes('offline_access')) return tokens;
  if (!refreshes)
    throw new OAuthError(
      'scope_offline_access_unsupported',
      'no refresh token comes with this; ask without offline_access',
    );
  const others = tokens.filter((token) => token !== 'offline_access');
  if (others.length === 0) throw new OAuthError('scope_offline_access_alone', 'offline_access alone asks for nothing');
  return others;
};

const unique = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];

const namedResources = (names: readonly string[], known: readonly Resource[]): readonly Resource[] =>
  unique(
    names.map((name) => {
      if (!isResourceIdentifier(name))
        throw new OAuthError('resource_malformed', 'resource must be an absolute URI without fragment');
      const resource = findResource(name, known);
      if (resource === undefined) throw new OAuthError('resource_unknown', 'a resource is not known here');
      return resource;
    }),
  );

const impliedResources = (
  request: TargetRequest,
  scopes: readonly string[],
  known: readonly Resource[],
): readonly Resource[] => {
  const fits = (resource: Resource): boolean =>
    scopes.length > 0
      ? scopes.every((scope) => resource.permissions.has(scope))
      : request.allowed.some((scope) => resource.permissions.has(scope));
  const implied = known.find(fits);
  if (implied === undefined)
    throw new OAuthError('resource_not_implied', 'no resource has these scopes; name it with resource');
  return [implied];
};

/**
 * A target as single permissions, to be remembered: resources may have scopes of the same name, and what is allowed at one
 * of them is not allowed at another.
 */
export const permissionsAt = ({ scopes, resources }: Target, known: readonly Resource[]): readonly string[] =>
  known
    .filter(({ identifier }) => resources.some((name) => isSameResource(name, identifier)))
    .flatMap(({ identifier, permissions }) =>
      scopes.filter((scope) => permissions.has(scope)).map((scope) => `${resourceKey(identifier)} ${scope}`),
    );

/** A remembered permission again: where, and what. Undefined for one that is no longer offered. */
export const findPermission = (
  remembered: string,
  known: readonly Resource[],
): { readonly resource: Resource; readonly permission: Permission } | undefined => {
  const [identifier = '', scope = ''] = remembered.split(' ');
  const resource = findResource(identifier, known);
  const permission = resource?.permissions.get(scope);
  return resource && permission && { resource, permission };
};

/** RFC 9068 §3: one audience is a string, several are an array. */
export const audienceOf = (resources: readonly string[]): string | readonly string[] =>
  resources.length === 1 ? (resources[0] as string) : resources;
