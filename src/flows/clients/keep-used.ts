/** Registrations that nobody uses disappear; those in use live on. */
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import { toldDaily } from '../audit/told-daily.ts';

/** How long a client that registered itself has to find the first person. */
export const unusedSeconds = 30 * 86_400;

/**
 * Lets a client that registered itself outlive what is issued to it now, by whatever grant; to be called before that is written or
 * signed. Costs a read and a write at the first such use in a month, and nothing at the others. Throws `unknown_client` when its registration is gone
 * from storage, and `Unavailable`.
 */
export const keepWhileUsed = async (
  { clientId, registrant, endsAt }: Pick<Client, 'clientId' | 'registrant' | 'endsAt'>,
  server: Server,
): Promise<void> => {
  if (registrant.by === 'document')
    toldDaily({ action: 'use document', target: clientId, what: { digest: registrant.digest } }, server);
  if (registrant.by !== 'itself' || endsAt === undefined) return;
  const lastUse = server.clock() + server.config.lifetimes.refreshAbsoluteSeconds;
  if (endsAt >= lastUse || (await server.store.clients.extend(clientId, lastUse + unusedSeconds))) return;
  throw new OAuthError('client_unknown', 'the service has taken back its registration');
};

/** True while nothing can have been issued to a client that registered itself. `client` is its row as stored. */
export const isUnused = ({ createdAt, endsAt }: Pick<Client, 'createdAt' | 'endsAt'>): boolean =>
  endsAt === createdAt + unusedSeconds;
