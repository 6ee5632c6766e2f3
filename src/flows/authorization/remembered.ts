/** What a person allowed before, as an answer without them. */
import { shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import { destinationOf, provesIdentity } from '../../oauth/authorization/redirect-uri.ts';
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import { isVouchedFor } from '../../oauth/clients/registrant.ts';
import { includesAll, type StoredGrant } from '../../oauth/grants/grant.ts';
import type { Server } from '../../server.ts';

/**
 * True if the person may be answered for in silence: they allowed all of it, and it may be answered there. Details are not
 * remembered (RFC 9396 §12.2): a payment that was approved once is none that may be made again.
 */
export const isRemembered = (grant: StoredGrant, asked: AuthorizationRequest, server: Server): boolean =>
  asked.details === undefined && includesAll(grant.permissions, asked.permissions) && answersAt(grant, asked, server);

/**
 * True if what the person was shown has not changed, the redirect's host included, and the answer can only reach the client
 * itself (RFC 8252 §8.6: anything may listen on a loopback port or a scheme).
 */
export const answersAt = (
  grant: StoredGrant,
  { client, redirectUri }: { readonly client: Client; readonly redirectUri: string },
  server: Server,
): boolean =>
  grant.clientId === client.clientId &&
  grant.shownDigest === shownDigestOf(client, grant.permissions, server.resources) &&
  grant.redirectHosts.includes(destinationOf(redirectUri)) &&
  reachesClient({ client, redirectUri });

/** True if the answer can reach nobody but the client itself. */
export const reachesClient = ({
  client,
  redirectUri,
}: {
  readonly client: Client;
  readonly redirectUri: string;
}): boolean =>
  // A secret that anybody is given proves nothing.
  (isConfidential(client) && isVouchedFor(client)) || provesIdentity(redirectUri);
