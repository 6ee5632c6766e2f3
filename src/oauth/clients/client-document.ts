/**
 * Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): a client's id is the address of the document in
 * which it says who it is.
 */
import { digestOf } from '../grants/grant.ts';
import type { Client } from './client.ts';
import type { ClientRegistration } from './client-metadata.ts';
import { invalid } from './metadata/theme.ts';
import { objectIn } from './own-registration.ts';

type Body = Readonly<Record<string, unknown>>;

/** There is nobody to share a secret with (§4). */
const secretMembers = ['client_secret', 'client_secret_expires_at'];
const methods: readonly unknown[] = ['none', 'private_key_jwt'];

/**
 * The metadata in the document at `clientId`, still to be parsed. Throws `invalid_client_metadata` for a document of something
 * else, or of a client that has a secret.
 */
export const metadataInDocument = (document: unknown, clientId: string): Body => {
  const body = objectIn(document);
  if (body.client_id !== clientId) throw invalid('document_of_other_client', 'client_id is not where the document is');
  const { token_endpoint_auth_method: method = 'none' } = body;
  if (secretMembers.some((name) => name in body) || !methods.includes(method))
    throw invalid('document_with_secret', 'a client of a public document has no secret');
  const name = body.client_name ?? new URL(clientId).hostname;
  return { ...body, client_name: name, token_endpoint_auth_method: method };
};

/** The client that a document describes. Nothing of it is stored. */
export const clientOfDocument = (clientId: string, registration: ClientRegistration): Client => ({
  ...registration,
  clientId,
  registrant: { by: 'document', digest: identityIn(registration) },
  logo: undefined,
  secrets: [],
  createdAt: 0,
  endsAt: undefined,
});

/** What makes it the same client as before: where it is answered, and how it proves itself. */
const identityIn = ({ redirectUris, authenticationMethod, jwks, jwksUri }: ClientRegistration): string =>
  digestOf([[...redirectUris].sort(), authenticationMethod, jwks, jwksUri]);
