/** grant_type=client_credentials (OAuth 2.1 §4.2): decides; nothing is signed here. */

import { type Resource, reservedPrefix } from '../access/resources.ts';
import { resolveTarget, type Target } from '../access/target.ts';
import { type Client, isConfidential } from '../clients/client.ts';
import { OAuthError } from '../errors.ts';

export type ClientCredentialsRequest = {
  readonly scope: string | undefined;
  readonly resources: readonly string[];
  readonly details?: string | undefined;
};

/**
 * What the client gets for itself. Scopes of Assent's own are for operators' clients only, whatever the row's scopes say.
 * Throws `unauthorized_client`, `invalid_scope`, `invalid_target`.
 */
export const decideClientCredentials = (
  request: ClientCredentialsRequest,
  client: Client,
  resources: readonly Resource[],
): Target => {
  if (!isConfidential(client))
    throw new OAuthError('client_credentials_public_client', 'only a client that can keep a secret may act for itself');
  const allowed = client.scopes.filter((scope) => client.isOperator || !scope.startsWith(reservedPrefix));
  return resolveTarget({ ...request, allowed, forItself: true, detailTypes: client.detailTypes }, resources);
};
