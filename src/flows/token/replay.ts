/** A code or a refresh token came a second time: somebody else has it. */
import { OAuthError } from '../../oauth/errors.ts';
import type { EndReason, Family } from '../../oauth/grants/family.ts';
import type { Server } from '../../server.ts';

const replays = { 'code replayed': 'code_replayed', 'refresh token replayed': 'refresh_token_replayed' } as const;

/** Ends the family, tells the person's history and the operators' log, and throws `invalid_grant`. */
export const endReplayed = async (
  family: Family,
  reason: Extract<EndReason, 'code replayed' | 'refresh token replayed'>,
  server: Server,
): Promise<never> => {
  const at = server.clock();
  const { clientId, address } = family;
  const client = await server.clients.resolveForReading(clientId);
  const event = { kind: reason, at, clientId, clientName: client?.name ?? clientId };
  await server.store.families.end(family, { reason, at, event });
  server.log({ event: 'replay_detected', reason, client_id: clientId, family: address.familyId.toString('hex') });
  throw new OAuthError(replays[reason], 'the token or code was used before; the authorization has been ended');
};
