/** A client's metadata on the wire (RFC 7591 §2): parsed, checked, and written back. */
import * as z from 'zod';
import { findResource, type Resource, reservedPrefix } from '../access/resources.ts';
import { permissionsAt } from '../access/target.ts';
import { isTrustworthy } from '../addresses.ts';
import { problemOfRedirectUri } from '../authorization/redirect-uri.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';
import { isStorable } from '../grants/grant.ts';
import {
  type AuthenticationMethod,
  authenticationMethods,
  type Client,
  type GrantType,
  grantTypes,
  type Verification,
} from './client.ts';
import { usesReservedName } from './client-names.ts';

const isWebAddress = (address: string): boolean => /^[\x21-\x7e]+$/.test(address) && isTrustworthy(address);

const webAddress = z.string().max(500).refine(isWebAddress, 'must be an https address');

/** People read it, on pages and in logs: what has no glyph, or is no Unicode text at all, is none. */
const isPlainText = (value: string): boolean => value.isWellFormed() && !/\p{Cc}/u.test(value);

const text = z.string().max(200).refine(isPlainText, 'must not hold control characters');

/** Names as in RFC 7591 §2; unknown ones are ignored, as it asks. Those that begin with assent_ are our own. */
const shape = z.object({
  client_name: z.string().trim().min(1).max(100).refine(isPlainText, 'must not hold control characters'),
  redirect_uris: z.array(z.string()).max(20).default([]),
  grant_types: z.array(z.enum(grantTypes)).min(1).default(['authorization_code', 'refresh_token']),
  response_types: z.array(z.literal('code')).optional(),
  token_endpoint_auth_method: z.enum(authenticationMethods).default('client_secret_basic'),
  scope: z.string().max(5_000).default(''),
  client_uri: webAddress.optional(),
  policy_uri: webAddress.optional(),
  tos_uri: webAddress.optional(),
  contacts: z.array(text).max(10).default([]),
  assent_operator: z.boolean().default(false),
  assent_blocked: z.boolean().optional(),
  assent_verified: z.boolean().optional(),
  assent_resource_server_of: z.array(z.string().max(500)).max(20).default([]),
});

export type ClientRegistration = Omit<Client, 'clientId' | 'secrets' | 'createdAt' | 'endsAt'>;

export type RegistrationContext = {
  readonly resources: readonly Resource[];
  readonly brandName: string;
  /** The client that is replaced. */
  readonly before?: Client | undefined;
  /** Who registers, and when: what a verification that this body asks for would say. */
  readonly operator: Verification;
};

/** Throws `invalid_client_metadata` or `invalid_redirect_uri` (RFC 7591 §3.2.2), saying what to change. */
export const parseClientMetadata = (body: unknown, context: RegistrationContext): ClientRegistration => {
  const parsed = shape.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid('metadata_malformed', `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`);
  }
  const metadata = parsed.data;
  for (const uri of metadata.redirect_uris) {
    const problem = problemOfRedirectUri(uri);
    if (problem !== undefined) throw new OAuthError('metadata_redirect_uri', `a redirect URI ${problem}`);
  }
  const described = {
    name: metadata.client_name,
    uri: metadata.client_uri,
    policyUri: metadata.policy_uri,
    tosUri: metadata.tos_uri,
    contacts: metadata.contacts,
    redirectUris: [...new Set(metadata.redirect_uris)],
    grantTypes: [...new Set<GrantType>(metadata.grant_types)],
    authenticationMethod: metadata.token_endpoint_auth_method as AuthenticationMethod,
    scopes: [...new Set(metadata.scope.split(' ').filter((scope) => scope !== ''))].sort(),
    resourceServerOf: resourceServersOf(metadata.assent_resource_server_of, context.resources),
    isOperator: metadata.assent_operator,
  };
  const registration: ClientRegistration = {
    ...described,
    // Left out, it stays: replacing the metadata of a blocked service must not let it go by mistake.
    blocked: metadata.assent_blocked ?? context.before?.blocked ?? false,
    verified: verificationOf(described, metadata.assent_verified, context),
  };
  requireConsistent(registration, context.resources);
  requireOwnName(registration, context);
  return registration;
};

type Described = Pick<Client, 'name' | 'uri' | 'redirectUris'>;

/** What an operator vouched for stays vouched for while it is the same; asking for it again renews it when it is not. */
const verificationOf = (
  described: Described,
  asked: boolean | undefined,
  { before, operator }: RegistrationContext,
): Verification | undefined => {
  if (asked === false) return undefined;
  if (before?.verified !== undefined && isSameService(before, described)) return before.verified;
  return asked === true ? operator : undefined;
};

const isSameService = (before: Described, after: Described): boolean =>
  before.name === after.name &&
  before.uri === after.uri &&
  after.redirectUris.every((uri) => before.redirectUris.includes(uri));

/** A name that the client has already is no reason to refuse other changes of it, such as blocking it. */
const requireOwnName = ({ name, verified }: ClientRegistration, { before, brandName }: RegistrationContext): void => {
  if (verified === undefined && before?.name !== name && usesReservedName(name, brandName))
    throw invalid(
      'metadata_name_reserved',
      'client_name: it looks like the name of this organization or of a well-known provider; ' +
        'if you have checked who runs the service, say so with assent_verified: true',
    );
};

const invalid = (reason: ReasonOf<'invalid_client_metadata'>, description: string): OAuthError =>
  new OAuthError(reason, description);

const requireConsistent = (client: ClientRegistration, resources: readonly Resource[]): void => {
  const uses = (grantType: GrantType): boolean => client.grantTypes.includes(grantType);
  const isPublic = client.authenticationMethod === 'none';
  if (uses('authorization_code') && client.redirectUris.length === 0)
    throw new OAuthError('metadata_redirect_uris_missing', 'authorization_code needs at least one redirect URI');
  if (uses('refresh_token') && !uses('authorization_code'))
    throw invalid('metadata_refresh_without_code', 'refresh_token goes with authorization_code only');
  if (uses('client_credentials') && isPublic)
    throw invalid('metadata_credentials_of_public_client', 'client_credentials needs a client that can keep a secret');
  if (client.isOperator && (isPublic || !uses('client_credentials')))
    throw invalid('metadata_operator', 'an operator is a client with a secret that uses client_credentials');
  if (client.resourceServerOf.length > 0 && isPublic)
    throw invalid('metadata_resource_server_public', 'a resource server must be able to keep a secret');
  const isOffered = (scope: string) => resources.some((resource) => resource.permissions.has(scope));
  if (!client.scopes.every(isOffered))
    throw invalid('metadata_scope_unknown', 'scope: one of them is not a permission of any resource');
  // Asked for bit by bit it would outgrow the grant in the end: the operator can do something about that, a person cannot.
  const everything = { scopes: client.scopes, resources: resources.map(({ identifier }) => identifier) };
  if (!isStorable(permissionsAt(everything, resources)))
    throw invalid('metadata_scopes_too_many', 'scope: too many permissions, counted at every resource that has them');
  if (!client.isOperator && client.scopes.some((scope) => scope.startsWith(reservedPrefix)))
    throw invalid('metadata_scope_reserved', 'scope: those that begin with assent. are for operators only');
};

/** Under the spelling that is configured. */
const resourceServersOf = (names: readonly string[], resources: readonly Resource[]): readonly string[] => {
  const found = names.map((name) => findResource(name, resources)?.identifier);
  if (!found.every((one) => one !== undefined))
    throw invalid('metadata_resource_unknown', 'assent_resource_server_of: one of them is not known here');
  return [...new Set(found)];
};

/** The client as an operator reads it: never a secret, only which there are (RFC 7591 §3.2.1). */
export const clientMetadata = (client: Client) => ({
  client_id: client.clientId,
  client_id_issued_at: client.createdAt,
  client_name: client.name,
  redirect_uris: client.redirectUris,
  grant_types: client.grantTypes,
  response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
  token_endpoint_auth_method: client.authenticationMethod,
  scope: client.scopes.join(' '),
  client_uri: client.uri,
  policy_uri: client.policyUri,
  tos_uri: client.tosUri,
  contacts: client.contacts,
  assent_operator: client.isOperator,
  assent_blocked: client.blocked,
  assent_verified: client.verified !== undefined,
  assent_verified_by: client.verified?.by,
  assent_verified_at: client.verified?.at,
  assent_resource_server_of: client.resourceServerOf,
  assent_secrets: client.secrets.map((secret) => ({
    id: secret.id,
    created_at: secret.createdAt,
    expires_at: secret.expiresAt,
  })),
});
