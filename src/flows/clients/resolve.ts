/** The one place that turns a client_id into a client, for whatever a service or a person asks. */
import type { Client } from '../../oauth/clients/client.ts';
import type { Clients } from '../../storage/clients.ts';

/** Both throw `Unavailable`. Operators, who change clients, use storage's own verbs. */
export type KnownClients = {
  /** The client, at most a minute old; undefined when there is none. */
  resolve(clientId: string): Promise<Client | undefined>;
  /** The client as it is now, for whoever would refuse by what `resolve` said; at a limited rate, and beyond that as `resolve`. */
  resolveFresh(clientId: string): Promise<Client | undefined>;
};

/** Every client is a registered one so far; clients that are known by other means get their branch here. */
export const knownClients = (registered: Pick<Clients, 'find' | 'findFresh'>): KnownClients => ({
  resolve: (clientId) => registered.find(clientId),
  resolveFresh: (clientId) => registered.findFresh(clientId),
});
