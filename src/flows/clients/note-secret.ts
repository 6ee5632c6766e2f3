/** Part of client authentication: operators read in time that a secret which is in use ends. */
import type { Client } from '../../oauth/clients/client.ts';
import { endingSecret } from '../../oauth/clients/secret-expiry.ts';
import type { Server } from '../../server.ts';

/** One line a day for each such secret and instance. Only who holds the secret can cause it, so nobody can fill the log. */
export const noteEndingSecret = (client: Client, presented: string, server: Server): void => {
  const now = server.clock();
  const ending = endingSecret(client, presented, now);
  if (ending === undefined) return;
  const event = ending.outlook === 'expired' ? 'secret_expired' : 'secret_expiring';
  if (!server.limits.reminders.take(`${event} ${client.clientId} ${ending.secret.id}`, now)) return;
  server.log({
    event,
    client_id: client.clientId,
    secret_id: ending.secret.id,
    expires_at: ending.secret.expiresAt,
  });
};
