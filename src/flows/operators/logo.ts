/**
 * The picture at `logo_uri` (RFC 7591 §2), which only an operator has fetched: whoever registers by themselves can name the
 * picture of somebody else (§5), and is shown with a letter until an operator has verified the service.
 */
import type { Client } from '../../oauth/clients/client.ts';
import { logoAfter, mayHaveLogo } from '../../oauth/clients/logo.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { pictureIn } from '../../oauth/images/picture.ts';
import type { Server } from '../../server.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { fetchedPicture } from '../clients/picture.ts';

/**
 * The id of the picture of a client that an operator registers or replaces. It is fetched once: again for another address, or
 * where there was none to be had. Without one the client goes by a letter. Throws `Unavailable`.
 */
export const logoOf = async (
  after: Omit<Client, 'logo'>,
  before: StoredClient | undefined,
  server: Server,
): Promise<string | undefined> => {
  const kept = before && logoAfter(before, after);
  const { logoUri, clientId } = after;
  if (kept !== undefined || logoUri === undefined || !mayHaveLogo(after)) return kept;
  try {
    return await server.store.logos.keep(clientId, pictureIn(await fetchedPicture(logoUri, server)));
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    server.log({ level: 'warning', event: 'logo_not_taken', client_id: clientId, reason: error.reason });
    return undefined;
  }
};
