/** Every way in which a client can authenticate. */
import { clientSecretBasic, clientSecretPost } from './client-secret.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { publicClient } from './public-client.ts';

/** One row per method that the metadata document lists, in its order. */
export const clientAuthenticationMethods: readonly ClientAuthenticationMethod[] = [
  clientSecretBasic,
  clientSecretPost,
  publicClient,
];
