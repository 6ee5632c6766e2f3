/** Security events (RFC 8417): what a resource server hears of one session that has ended. */
import type { Announced, SessionEnd } from '../grants/revocation.ts';
import { digestOf } from './revocation-list.ts';

/** RFC 8417 §2.3 */
export const securityEventType = 'secevent+jwt';

/** CAEP 1.0 §3.1 */
const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

export type AnnouncedEnd = SessionEnd & Pick<Announced, 'at'>;

/** The same for each announcement of one end, whichever instance makes the event: it is acknowledged once. */
export const eventIdOf = ({ familyId }: Pick<SessionEnd, 'familyId'>, clientId: string): string =>
  digestOf(JSON.stringify(['session-revoked', clientId, familyId.toString('hex')]));

type Event = { readonly issuer: string; readonly clientId: string; readonly sid: string; readonly end: AnnouncedEnd };

/** RFC 8417 §2.2: never `exp` (§4.6), and no `sub`, so that it passes for no other token (§4.5). `sid` is the one of access tokens. */
export const securityEventClaims = ({ issuer, clientId, sid, end }: Event): Readonly<Record<string, unknown>> => ({
  iss: issuer,
  aud: clientId,
  iat: end.at,
  jti: eventIdOf(end, clientId),
  // RFC 9493 §3.2.7
  sub_id: { format: 'opaque', id: sid },
  events: { [sessionRevoked]: { event_timestamp: end.at } },
});
