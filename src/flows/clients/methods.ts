/** Every way in which a client can authenticate. */
import { clientSecretBasic, clientSecretPost } from './client-secret.ts';
import { federatedAssertion } from './federated-assertion.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { privateKeyJwt } from './private-key-jwt.ts';
import { publicClient } from './public-client.ts';

/** One row per way; the metadata document lists their methods, each once, in this order. */
export const clientAuthenticationMethods: readonly ClientAuthenticationMethod[] = [
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  federatedAssertion,
  publicClient,
];
