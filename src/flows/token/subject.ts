/** Under which name a client knows a person. */
import type { Client } from '../../oauth/clients/client.ts';
import { sectorOf } from '../../oauth/clients/metadata/openid.ts';
import { pairwiseSubjectOf, subjectOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';

/**
 * The `sub` of a person in whatever a client is given: its ID tokens, its access tokens, the answers of userinfo and
 * introspection. The same at every client, unless it was registered for one of its sector alone (OpenID Connect Core §8).
 * Throws `Unavailable`.
 */
export const subjectAt = async (
  client: Pick<Client, 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>,
  { userKey }: { readonly userKey: Buffer },
  server: Server,
): Promise<string> => {
  const { subject } = await server.keys();
  const sector = sectorOf(client);
  return sector === undefined ? subjectOf(userKey, subject) : pairwiseSubjectOf(userKey, sector, subject);
};
