/** Registered services as whoever administers sees them: what is registered, who looks after it, and what it does. */
import { actorOf } from '../../oauth/audit/event.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import type { ClientActivity } from '../../storage/client-use.ts';
import type { Acting } from './acting.ts';

export type SeenService = { readonly client: StoredClient; readonly activity: ClientActivity };

type Page = {
  readonly after: string | undefined;
  readonly limit: number;
  /** That one alone, if there is one. */
  readonly clientId: string | undefined;
};

/** A page of them, in the order of client keys: two transactions, and one for each. Names owners, and so is in the audit log. Throws `Unavailable`. */
export const seenServices = async (
  { after, limit: size, clientId }: Page,
  acting: Acting,
): Promise<{ readonly services: readonly SeenService[]; readonly next: string | undefined }> => {
  const { audit, clients, clientUse } = acting.server.store;
  await audit.record({ action: 'read services', target: clientId ?? 'services', actor: actorOf(acting.principal) });
  const { clients: found, next } =
    clientId === undefined ? await clients.list({ size, after }) : only(await clients.read(clientId));
  const services = found.map(async (client) => ({ client, activity: await clientUse.read(client.clientId) }));
  return { services: await Promise.all(services), next };
};

const only = (client: StoredClient | undefined) => ({
  clients: client === undefined ? [] : [client],
  next: undefined,
});
