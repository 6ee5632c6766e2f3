/** What is asked for: scopes (RFC 6749 §3.3) and details (RFC 9396) at resources (RFC 8707). */
import { OAuthError } from '../errors.ts';
import { askedScopes, type ScopeRequest } from './asked-scopes.ts';
import {
  type AuthorizationDetail,
  askedDetails,
  type DetailsRequest,
  detailsAt,
  narrowedDetails,
  placesOfDetails,
} from './details.ts';
import { isIdentityResource, isIdentityScope, signsIn } from './openid-scopes.ts';
import { identityPlaces, impliedResources, namedResources, unique } from './places.ts';
import {
  findResource,
  isOurOwn,
  isSameResource,
  namedResource,
  type Permission,
  type Resource,
  resourceKey,
} from './resources.ts';

export type Target = {
  /** Sorted, without repetition. */
  readonly scopes: readonly string[];
  /** Identifiers; at least one. */
  readonly resources: readonly string[];
  /** Undefined where there are none. */
  readonly details?: readonly AuthorizationDetail[] | undefined;
};

export type TargetRequest = ScopeRequest &
  DetailsRequest & {
    readonly resources: readonly string[];
    /** What the client was registered for. */
    readonly allowed: readonly string[];
  };

/**
 * Decides what a client asks for. Without `resource` it is the one resource that has all the scopes; without `scope` all
 * that the client may ask for there, unless it asks in detail. Throws `invalid_scope`, `invalid_target` or
 * `invalid_authorization_details`: nothing is dropped in silence.
 */
export const resolveTarget = (request: TargetRequest, known: readonly Resource[]): Target => {
  const { scopes, identity } = askedScopes(request);
  const places = request.forItself === true ? known.filter((one) => !isIdentityResource(one)) : known;
  const details = askedDetails(request, places);
  const isInScopes = scopes.length + identity.length > 0 || details.length === 0;
  const resources =
    request.resources.length > 0
      ? namedResources(request.resources, places)
      : unique([
          ...(isInScopes ? impliedResources(request.allowed, { scopes, identity }, places) : []),
          ...placesOfDetails(details, places),
        ]);
  if (detailsAt(details, resources).length < details.length)
    throw new OAuthError(
      'details_of_other_resource',
      'authorization_details is for a resource that resource does not name',
    );
  const offered = (scope: string) => resources.some((resource) => resource.permissions.has(scope));
  const wanted = scopes.length + identity.length > 0 || !isInScopes ? scopes : request.allowed.filter(offered);
  const all = [...new Set([...wanted, ...identity])].sort();
  if (all.length + details.length === 0)
    throw new OAuthError('scope_none_allowed', 'the client may not ask for anything here');
  if (!wanted.every((scope) => request.allowed.includes(scope) && offered(scope)))
    throw new OAuthError('scope_not_allowed', 'a scope is unknown, not of this resource, or not for this client');
  // A token is not valid at a resource where it may do nothing.
  if (!resources.every((resource) => isOfUse(resource, { scopes: all, details })))
    throw new OAuthError('resource_without_scope', 'nothing is asked for at one of the resources');
  // A second audience could use the token here.
  if (resources.length > 1 && resources.some(isOurOwn))
    throw new OAuthError('resource_admin_with_others', 'a token for the admin API is for nothing else');
  return { scopes: all, resources: resources.map((resource) => resource.identifier), ...withDetails(details) };
};

const withDetails = (details: readonly AuthorizationDetail[]): Pick<Target, 'details'> =>
  details.length === 0 ? {} : { details };

/** True of a resource at which something of a target can be used. */
const isOfUse = (resource: Resource, { scopes, details = [] }: Pick<Target, 'scopes' | 'details'>): boolean =>
  scopes.some((scope) => resource.permissions.has(scope)) || detailsAt(details, [resource]).length > 0;

/** What a person allowed of a request: a resource of which they allowed nothing is no part of it, whatever it comes to offer. */
export const approvedTarget = (
  { resources, details = [] }: Target,
  scopes: readonly string[],
  known: readonly Resource[],
): Target => {
  const useful = resources.filter((name) => {
    const resource = findResource(name, known);
    return resource !== undefined && isOfUse(resource, { scopes, details });
  });
  return { scopes, resources: orIdentity(useful, scopes, known), ...withDetails(details) };
};

/** A token is for somebody: one that only signs in is for the userinfo endpoint. */
const orIdentity = (
  resources: readonly string[],
  scopes: readonly string[],
  known: readonly Resource[],
): readonly string[] =>
  resources.length > 0 ? resources : identityPlaces(scopes, known).map(({ identifier }) => identifier);

/** `withheld` are those of OpenID Connect that rules do not let it have at the moment. */
type Asking = { readonly scopes: readonly string[]; readonly withheld?: readonly string[] };

/** True of what the client may ask for. Signing people in needs no registration. */
export const mayAsk = ({ scopes, withheld = [] }: Asking, scope: string): boolean =>
  isIdentityScope(scope) ? !withheld.includes(scope) : scopes.includes(scope);

/** What was granted, less what an operator has since taken from the client. */
export const stillAllowed = (
  { scopes, resources, details = [] }: Target,
  client: Asking & { readonly detailTypes: readonly string[] },
): Target => ({
  scopes: scopes.filter((scope) => mayAsk(client, scope)),
  resources,
  ...withDetails(details.filter(({ type }) => client.detailTypes.includes(type))),
});

/**
 * Narrows what was granted (RFC 6749 §6, RFC 8707 §2.2). Throws if more is asked for than was granted, and `invalid_target`
 * for a named resource where nothing was, or that is not configured any more: no token is for an audience that was refused.
 */
export const narrowTarget = (
  granted: Target,
  request: {
    readonly scope: string | undefined;
    readonly resources: readonly string[];
    readonly details?: string | undefined;
  },
  known: readonly Resource[],
): Target => {
  const { scopes: permissions, identity } = askedScopes({ ...request, refreshes: true });
  const asked = [...permissions, ...identity];
  const places = grantedPlaces(granted, request.resources, known);
  if (asked.some((scope) => !granted.scopes.includes(scope)))
    throw new OAuthError('scope_not_granted', 'a scope is not part of the grant');
  const offered = (scope: string) => isIdentityScope(scope) || places.some((place) => place.permissions.has(scope));
  const scopes = (asked.length > 0 ? asked : granted.scopes).filter(offered);
  const details = detailsAt(narrowedDetails(granted.details, request.details), places);
  const isNamed = request.resources.length > 0;
  if (scopes.length + details.length === 0 && (asked.length > 0 || !isNamed))
    throw new OAuthError('scope_none_left', 'nothing that was granted is left for this resource');
  const isUseful = (place: Resource): boolean => isOfUse(place, { scopes, details });
  if (isNamed && !places.every(isUseful))
    throw new OAuthError('resource_without_granted_scope', 'nothing was granted at one of the resources');
  const useful = places.filter(isUseful).map(({ identifier }) => identifier);
  return { scopes, resources: orIdentity(useful, scopes, known), ...withDetails(details) };
};

/** The named ones of the granted resources, or all of them, as far as they are still configured. */
const grantedPlaces = (granted: Target, names: readonly string[], known: readonly Resource[]): readonly Resource[] => {
  const there = granted.resources.map((name) => findResource(name, known)).filter((one) => one !== undefined);
  const identity = identityPlaces(granted.scopes, known);
  if (names.length === 0) {
    if (there.length + identity.length === 0)
      throw new OAuthError('resource_gone', 'no resource of the grant is there any more');
    return there;
  }
  const named = names.map((name) => namedResource(name, [...there, ...identity])).filter((one) => one !== undefined);
  if (named.length < names.length) throw new OAuthError('resource_not_granted', 'a resource is not part of the grant');
  return unique(named);
};

/** Where its scopes mean something: its resources, and the userinfo endpoint. */
export const placesOf = ({ scopes, resources }: Target, known: readonly Resource[]): readonly Resource[] =>
  known.filter(
    (one) =>
      resources.some((name) => isSameResource(name, one.identifier)) || (isIdentityResource(one) && signsIn(scopes)),
  );

/**
 * A target as single permissions, to be remembered: resources may have scopes of the same name, and what is allowed at one
 * of them is not allowed at another.
 */
export const permissionsAt = (target: Target, known: readonly Resource[]): readonly string[] =>
  placesOf(target, known).flatMap(({ identifier, permissions }) =>
    target.scopes.filter((scope) => permissions.has(scope)).map((scope) => `${resourceKey(identifier)} ${scope}`),
  );

/** True if the scope means something at one of these resources, as they are declared now. */
export const isOfferedAt = (scope: string, resources: readonly string[], known: readonly Resource[]): boolean =>
  isIdentityScope(scope) || resources.some((name) => findResource(name, known)?.permissions.has(scope) === true);

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
