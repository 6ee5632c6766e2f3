/** What a client's document says (`client-documents.ts` fetches and keeps them). Loaded with the first one. */
import type { Config } from '../../config.ts';
import type { Resource } from '../../oauth/access/resources.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { clientOfDocument, metadataInDocument } from '../../oauth/clients/client-document.ts';
import { parseClientMetadata, type RegistrationContext } from '../../oauth/clients/client-metadata.ts';
import { ownMetadata, requireForPeople, scopesForAnybody } from '../../oauth/clients/own-registration.ts';
import type { OutboundFetch } from '../../outbound/fetch.ts';
import { readRegistration } from './registration.ts';

export type ReadingOptions = {
  readonly config: Pick<Config, 'clientDocuments' | 'insecureLoopback' | 'brandName' | 'signing'>;
  readonly resources: () => readonly Resource[];
  readonly outbound: OutboundFetch;
};

const contextOf = (config: ReadingOptions['config'], resources: readonly Resource[]): RegistrationContext => ({
  resources,
  brandName: config.brandName,
  signingAlgorithms: config.signing.algorithms,
  operator: undefined,
  usualScopes: scopesForAnybody(resources),
});

/** The client that the text at `clientId` describes. Throws `invalid_client_metadata`, `SyntaxError`, and as the addresses do that it names. */
export const clientIn = async (text: string, clientId: string, options: ReadingOptions): Promise<Client> => {
  const resources = options.resources();
  const metadata = ownMetadata(metadataInDocument(JSON.parse(text), clientId), resources);
  const registration = await readRegistration(metadata, contextOf(options.config, resources), options);
  requireForPeople(registration);
  return clientOfDocument(clientId, registration);
};

/** As little as its id says of it. */
export const clientUnread = (clientId: string, options: ReadingOptions): Client => {
  const metadata = {
    client_name: 'Unread',
    redirect_uris: [`${new URL(clientId).origin}/`],
    token_endpoint_auth_method: 'none',
  };
  return {
    ...clientOfDocument(clientId, parseClientMetadata(metadata, contextOf(options.config, options.resources()))),
    name: clientId,
  };
};
