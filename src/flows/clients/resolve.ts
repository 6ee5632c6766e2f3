/** The one place that turns a client_id into a client, for whatever a service or a person asks. */
import type { Client } from '../../oauth/clients/client.ts';
import type { Clients } from '../../storage/clients.ts';
import type { ClientDocuments } from './client-documents.ts';

/** All throw `Unavailable`, and the first two `client_unavailable`. Operators, who change clients, use storage's own verbs. */
export type KnownClients = {
  /** The client, at most a minute old if it is registered; undefined when there is none. */
  resolve(clientId: string): Promise<Client | undefined>;
  /** The client as it is now, for whoever would refuse by what `resolve` said; at a limited rate, and beyond that as `resolve`. */
  resolveFresh(clientId: string): Promise<Client | undefined>;
  /** The client, for people who read what they allowed it: what is away for the moment is still theirs to see and to revoke. */
  resolveForReading(clientId: string): Promise<Client | undefined>;
  /** The client as it is registered, at most a minute old, or as its document was read last; undefined for what is not at hand. */
  known(clientId: string): Promise<Client | undefined>;
  /** False for clients that are gone or blocked. That a document is away for the moment takes nothing from anybody. */
  mayHaveTokens(clientId: string): Promise<boolean>;
};

/** A registered client wins over a document at its id. */
export const knownClients = (
  registered: Pick<Clients, 'find' | 'findFresh'>,
  documents: ClientDocuments,
): KnownClients => ({
  resolve: async (clientId) => {
    if (!documents.isAllowed(clientId)) return registered.find(clientId);
    return documents.remembered(clientId) ?? (await registered.find(clientId)) ?? documents.find(clientId);
  },
  resolveFresh: async (clientId) => {
    const client = await registered.findFresh(clientId);
    return client ?? (documents.isAllowed(clientId) ? documents.find(clientId, { fresh: true }) : undefined);
  },
  resolveForReading: async (clientId) => {
    const isAllowed = documents.isAllowed(clientId);
    const remembered = isAllowed ? documents.remembered(clientId) : undefined;
    return remembered ?? (await registered.find(clientId)) ?? (isAllowed ? documents.unread(clientId) : undefined);
  },
  known: async (clientId) =>
    documents.isAllowed(clientId) ? documents.remembered(clientId) : registered.find(clientId),
  mayHaveTokens: async (clientId) => {
    const isAllowed = documents.isAllowed(clientId);
    if (isAllowed && documents.remembered(clientId) !== undefined) return true;
    const client = await registered.find(clientId);
    return client === undefined ? isAllowed : !client.blocked;
  },
});
