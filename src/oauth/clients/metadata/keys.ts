/** The client's keys, by value or by address, and the other issuers whose word for it counts. */
import type { JWK } from 'jose';
import * as z from 'zod';
import { type ClientAlgorithm, clientAlgorithms } from '../signed-by-client.ts';
import { type ClientRegistration, invalid, theme } from './theme.ts';
import { text, webAddress } from './values.ts';

type FederatedCredential = { readonly issuer: string; readonly subject: string; readonly audience: string };

export type KeyFields = {
  readonly jwks: readonly JWK[] | undefined;
  readonly jwksUri: string | undefined;
  /** Of client assertions; undefined for any that we take. */
  readonly assertionAlgorithm: ClientAlgorithm | undefined;
  /** Whether an assertion may name the token endpoint as its audience. */
  readonly assertsToEndpoint: boolean;
  readonly federatedCredentials: readonly FederatedCredential[];
  /** Of request objects; undefined for any that we take. */
  readonly requestObjectAlgorithm: ClientAlgorithm | undefined;
  /** RFC 9101 §10.5. */
  readonly requiresSignedRequests: boolean;
};

/** Members of private keys (RFC 7518 §6.2.2, §6.3.2, §6.4): somebody who sends them has given them away. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const key = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().max(200).optional(), n: z.string().optional() })
  .refine((jwk) => secretMembers.every((member) => !(member in jwk)), 'must hold public members only')
  .refine(
    ({ kty, n = '' }) => kty !== 'RSA' || Buffer.from(n, 'base64url').length >= 256,
    'must have 2048 bits or more',
  );

const keySet = z.looseObject({ keys: z.array(key).min(1).max(10) });

const algorithm = z.enum(clientAlgorithms);

const federated = z.object({ issuer: webAddress, subject: text.min(1), audience: text.min(1) });

export const keys = theme({
  shape: {
    jwks: keySet.optional(),
    jwks_uri: webAddress.optional(),
    token_endpoint_auth_signing_alg: algorithm.optional(),
    assent_assertion_audience: z.enum(['issuer', 'endpoint']).default('issuer'),
    assent_federated_credentials: z.array(federated).max(20).default([]),
    request_object_signing_alg: algorithm.optional(),
    require_signed_request_object: z.boolean().default(false),
  },
  read: (metadata): KeyFields => ({
    jwks: metadata.jwks?.keys as readonly JWK[] | undefined,
    jwksUri: metadata.jwks_uri,
    assertionAlgorithm: metadata.token_endpoint_auth_signing_alg,
    assertsToEndpoint: metadata.assent_assertion_audience === 'endpoint',
    federatedCredentials: metadata.assent_federated_credentials,
    requestObjectAlgorithm: metadata.request_object_signing_alg,
    requiresSignedRequests: metadata.require_signed_request_object,
  }),
  check: (registration) => requireConsistentKeys(registration),
  describe: (client) => ({
    jwks: client.jwks && { keys: client.jwks },
    jwks_uri: client.jwksUri,
    token_endpoint_auth_signing_alg: client.assertionAlgorithm,
    assent_assertion_audience: client.assertsToEndpoint ? 'endpoint' : 'issuer',
    assent_federated_credentials: client.federatedCredentials,
    request_object_signing_alg: client.requestObjectAlgorithm,
    require_signed_request_object: client.requiresSignedRequests,
  }),
});

const requireConsistentKeys = (client: ClientRegistration): void => {
  const hasKeys = client.jwks !== undefined || client.jwksUri !== undefined;
  if (client.jwks !== undefined && client.jwksUri !== undefined)
    throw invalid('metadata_keys_twice', 'jwks and jwks_uri must not both be there');
  if (client.authenticationMethod === 'private_key_jwt' && !hasKeys && client.federatedCredentials.length === 0)
    throw invalid('metadata_keys_missing', 'private_key_jwt needs jwks, jwks_uri or assent_federated_credentials');
  if (client.federatedCredentials.length > 0 && client.authenticationMethod !== 'private_key_jwt')
    throw invalid('metadata_federated_method', 'assent_federated_credentials go with private_key_jwt');
  if (client.requiresSignedRequests && !hasKeys)
    throw invalid('metadata_keys_missing', 'require_signed_request_object needs jwks or jwks_uri');
};
