/** A client's registration, read and checked, with what has to be looked up at other places. */
import type { Client } from '../../oauth/clients/client.ts';
import {
  type ClientRegistration,
  parseClientMetadata,
  type RegistrationContext,
} from '../../oauth/clients/client-metadata.ts';
import { invalid } from '../../oauth/clients/metadata/theme.ts';
import type { Server } from '../../server.ts';

/** Throws `invalid_client_metadata`, `invalid_redirect_uri`. */
export const readRegistration = async (
  body: unknown,
  context: RegistrationContext,
  server: Pick<Server, 'outbound'>,
): Promise<ClientRegistration> => {
  const registration = parseClientMetadata(body, context);
  if (!isSameSector(registration, context.before)) await requireSectorDocument(registration, server);
  return registration;
};

/** What was checked once is not asked for again: an operator must be able to block a client whose address is away. */
const isSameSector = (after: ClientRegistration, before: Client | undefined): boolean =>
  after.sectorIdentifierUri === before?.sectorIdentifierUri &&
  after.redirectUris.every((uri) => before?.redirectUris.includes(uri));

const document = { mediaTypes: ['application/json'], limitBytes: 65_536, timeoutMilliseconds: 3_000 } as const;

/** OpenID Connect Dynamic Client Registration §5: whoever owns the address says whose redirect URIs are of the sector. */
const requireSectorDocument = async (
  { sectorIdentifierUri, redirectUris }: ClientRegistration,
  server: Pick<Server, 'outbound'>,
): Promise<void> => {
  if (sectorIdentifierUri === undefined) return;
  const listed = await listedAt(sectorIdentifierUri, server);
  if (!redirectUris.every((uri) => listed.includes(uri)))
    throw invalid('metadata_sector_document', 'sector_identifier_uri must list each of the redirect URIs');
};

const listedAt = async (address: string, { outbound }: Pick<Server, 'outbound'>): Promise<readonly unknown[]> => {
  try {
    const listed: unknown = JSON.parse((await outbound(address, document)).text);
    return Array.isArray(listed) ? listed : [];
  } catch (cause) {
    throw invalid('metadata_sector_document', 'sector_identifier_uri does not answer with a JSON array', { cause });
  }
};
