/** What the client may do: how it proves itself, which grants it uses, what it may ask for and where. */
import * as z from 'zod';
import { openidScopes } from '../../access/openid-scopes.ts';
import { findResource, type Resource, reservedPrefix } from '../../access/resources.ts';
import { permissionsAt } from '../../access/target.ts';
import { OAuthError } from '../../errors.ts';
import { isStorable } from '../../grants/grant.ts';
import {
  type AuthenticationMethod,
  authenticationMethods,
  deviceCodeGrant,
  type GrantType,
  grantTypes,
} from '../client.ts';
import { type ClientRegistration, invalid, theme } from './theme.ts';

export type AccessFields = {
  readonly grantTypes: readonly GrantType[];
  readonly authenticationMethod: AuthenticationMethod;
  /** What the client may ask for. */
  readonly scopes: readonly string[];
  /** RFC 8707 identifiers of the resource servers that this client is: it may introspect their tokens. */
  readonly resourceServerOf: readonly string[];
  /** May get `assent.` scopes with client_credentials. Set by the deployment or an operator only. */
  readonly isOperator: boolean;
  /** Gets nothing until an operator lifts it; nothing of it is deleted. */
  readonly blocked: boolean;
};

export const access = theme({
  shape: {
    grant_types: z.array(z.enum(grantTypes)).min(1).default(['authorization_code', 'refresh_token']),
    response_types: z.array(z.literal('code')).optional(),
    token_endpoint_auth_method: z.enum(authenticationMethods).default('client_secret_basic'),
    scope: z.string().max(5_000).default(''),
    assent_operator: z.boolean().default(false),
    assent_blocked: z.boolean().optional(),
    assent_resource_server_of: z.array(z.string().max(500)).max(20).default([]),
  },
  // A resource server that the deployment brought along may have none.
  shown: { grant_types: z.array(z.enum(grantTypes)) },
  read: (metadata, { resources, before, usualScopes = [] }): AccessFields => ({
    grantTypes: [...new Set<GrantType>(metadata.grant_types)],
    authenticationMethod: metadata.token_endpoint_auth_method,
    scopes: scopesIn(metadata.scope, usualScopes),
    resourceServerOf: resourceServersOf(metadata.assent_resource_server_of, resources),
    isOperator: metadata.assent_operator,
    // Left out, it stays: replacing the metadata of a blocked service must not let it go by mistake.
    blocked: metadata.assent_blocked ?? before?.blocked ?? false,
  }),
  check: (registration, { resources, operator }) => {
    requireConsistentGrants(registration);
    requireKnownScopes(registration, resources);
    // Others are refused when they ask a person for more than the grant can hold.
    if (operator !== undefined) requireStorableScopes(registration, resources);
  },
  describe: (client) => ({
    grant_types: client.grantTypes,
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: client.authenticationMethod,
    scope: client.scopes.join(' '),
    assent_operator: client.isOperator,
    assent_blocked: client.blocked,
    assent_resource_server_of: client.resourceServerOf,
  }),
});

const requireConsistentGrants = (client: ClientRegistration): void => {
  const uses = (grantType: GrantType): boolean => client.grantTypes.includes(grantType);
  const isPublic = client.authenticationMethod === 'none';
  if (uses('authorization_code') && client.redirectUris.length === 0)
    throw new OAuthError('metadata_redirect_uris_missing', 'authorization_code needs at least one redirect URI');
  if (uses('refresh_token') && !uses('authorization_code') && !uses(deviceCodeGrant))
    throw invalid('metadata_refresh_without_code', 'refresh_token goes with authorization_code or a device code only');
  if (uses('client_credentials') && isPublic)
    throw invalid('metadata_credentials_of_public_client', 'client_credentials needs a client that can keep a secret');
  if (client.isOperator && (isPublic || !uses('client_credentials')))
    throw invalid('metadata_operator', 'an operator is a client with a secret that uses client_credentials');
  if (client.resourceServerOf.length > 0 && isPublic)
    throw invalid('metadata_resource_server_public', 'a resource server must be able to keep a secret');
};

const requireKnownScopes = (client: ClientRegistration, resources: readonly Resource[]): void => {
  const isOffered = (scope: string) =>
    // RFC 7591 §2: libraries register for all that they may ever send; nobody needs to for a sign-in.
    openidScopes.includes(scope) || resources.some((resource) => resource.permissions.has(scope));
  if (!client.scopes.every(isOffered))
    throw invalid('metadata_scope_unknown', 'scope: one of them is not a permission of any resource');
  if (!client.isOperator && client.scopes.some((scope) => scope.startsWith(reservedPrefix)))
    throw invalid('metadata_scope_reserved', 'scope: those that begin with assent. are for operators only');
};

/** Asked for bit by bit it would outgrow the grant in the end: the operator can do something about that, a person cannot. */
const requireStorableScopes = (client: ClientRegistration, resources: readonly Resource[]): void => {
  const everything = { scopes: client.scopes, resources: resources.map(({ identifier }) => identifier) };
  if (!isStorable(permissionsAt(everything, resources)))
    throw invalid('metadata_scopes_too_many', 'scope: too many permissions, counted at every resource that has them');
};

const scopesIn = (scope: string, usual: readonly string[]): readonly string[] => {
  const named = scope.split(' ').filter((one) => one !== '');
  return [...new Set(named.length === 0 ? usual : named)].sort();
};

/** Under the spelling that is configured. */
const resourceServersOf = (names: readonly string[], resources: readonly Resource[]): readonly string[] => {
  const found = names.map((name) => findResource(name, resources)?.identifier);
  if (!found.every((one) => one !== undefined))
    throw invalid('metadata_resource_unknown', 'assent_resource_server_of: one of them is not known here');
  return [...new Set(found)];
};
