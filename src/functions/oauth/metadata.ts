/**
 * GET /.well-known/oauth-authorization-server (RFC 8414 §3) and /.well-known/openid-configuration (OpenID Connect Discovery
 * §4). Everything in it comes from the tables that the endpoints run on. It is one document at both addresses: RFC 8414 §2
 * has room for the members of the other, and what is the same cannot come to differ.
 */
import type { Config } from '../../config.ts';
import { clientAuthenticationMethods } from '../../flows/clients/methods.ts';
import type { Facts, Story } from '../../http/endpoint.ts';
import { publicDocument } from '../../http/reply.ts';
import { isIdentityResource, offeredOpenidScopes } from '../../oauth/access/openid-scopes.ts';
import { isOurOwn, type Resource } from '../../oauth/access/resources.ts';
import { prompts, responseTypes } from '../../oauth/authorization/authorization-request.ts';
import { challengeMethods } from '../../oauth/authorization/pkce.ts';
import { responseModes } from '../../oauth/authorization/response-mode.ts';
import { grantTypes } from '../../oauth/clients/client.ts';
import { clientAlgorithms } from '../../oauth/clients/signed-by-client.ts';
import { dpopAlgorithms } from '../../oauth/dpop/proof.ts';
import { routes } from '../routes.ts';
import { logoutMetadata } from './logout-metadata.ts';
import { openidMetadata } from './openid-metadata.ts';

const maxAgeSeconds = 3_600;

const authenticationMethods = [...new Set(clientAuthenticationMethods.map(({ method }) => method))];

export const metadataOf = (config: Config, scopes: readonly string[]) => {
  const urlOf = ({ route }: Facts): string => `${config.issuer}/${route}`;
  return {
    issuer: config.issuer,
    authorization_endpoint: urlOf(routes.authorize),
    token_endpoint: urlOf(routes.token),
    pushed_authorization_request_endpoint: urlOf(routes.par),
    require_pushed_authorization_requests: config.requirePushed,
    request_object_signing_alg_values_supported: clientAlgorithms,
    revocation_endpoint: urlOf(routes.revoke),
    introspection_endpoint: urlOf(routes.introspect),
    // Ours, not registered names.
    assent_revocations_uri: urlOf(routes.revocations),
    assent_events_endpoint: urlOf(routes['events-poll']),
    assent_openapi_uri: urlOf(routes.openapi),
    device_authorization_endpoint: urlOf(routes['device-authorization']),
    ...(config.registration.mode === 'off' ? {} : { registration_endpoint: urlOf(routes.register) }),
    ...(config.clientDocuments.mode === 'off' ? {} : { client_id_metadata_document_supported: true }),
    jwks_uri: urlOf(routes.jwks),
    scopes_supported: scopes,
    ...openidMetadata(config),
    ...logoutMetadata(config),
    response_types_supported: responseTypes,
    response_modes_supported: responseModes,
    // JARM §4
    authorization_signing_alg_values_supported: config.signing.algorithms,
    grant_types_supported: grantTypes,
    prompt_values_supported: prompts,
    code_challenge_methods_supported: challengeMethods,
    token_endpoint_auth_methods_supported: authenticationMethods,
    token_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    revocation_endpoint_auth_methods_supported: authenticationMethods,
    revocation_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    // RFC 7662 §2.1: no public client introspects.
    introspection_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    introspection_endpoint_auth_methods_supported: authenticationMethods.filter((method) => method !== 'none'),
    dpop_signing_alg_values_supported: dpopAlgorithms,
    // RFC 9701 §7
    introspection_signing_alg_values_supported: config.signing.algorithms,
    authorization_response_iss_parameter_supported: true,
    ...protectedResourcesOf(config),
    ...detailTypesOf(config),
  };
};

/** RFC 9728 §4, and no empty array (RFC 8414 §3.2). */
const protectedResourcesOf = ({ resources }: Config) =>
  resources.length === 0 ? {} : { protected_resources: resources.map(({ identifier }) => identifier) };

/** RFC 9396 §10, and no empty array. */
const detailTypesOf = ({ resources }: Config) => {
  const types = resources.flatMap(({ detailTypes }) => [...(detailTypes?.keys() ?? [])]);
  return types.length === 0 ? {} : { authorization_details_types_supported: types };
};

/** What a service may ask a person for; our own scopes are nobody's to ask. */
const offeredScopes = (resources: readonly Resource[]): readonly string[] => [
  ...offeredOpenidScopes,
  ...new Set(resources.flatMap((resource) => [...resource.permissions.keys()])),
];

export const metadata: Story = async (request, server) => {
  const all = await server.offered.soon();
  const resources = all.filter((one) => !isOurOwn(one) && !isIdentityResource(one));
  return publicDocument(metadataOf({ ...server.config, resources }, offeredScopes(resources)), {
    maxAgeSeconds,
    presented: request.header('if-none-match'),
  });
};
