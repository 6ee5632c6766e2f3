/** Logout tokens: what tells a client that a person's session has ended (OpenID Connect Back-Channel Logout §2.4). */
import { base64url, type Random } from '../crypto.ts';

/** §2.4 */
export const logoutTokenType = 'logout+jwt';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** §2.4 advises two minutes at most; each delivery has a token of its own. */
const lifetimeSeconds = 120;

type Issue = {
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly sid: string;
  /** Epoch seconds. */
  readonly now: number;
  readonly random: Random;
};

export const logoutTokenClaims = ({
  issuer,
  clientId,
  subject,
  sid,
  now,
  random,
}: Issue): Readonly<Record<string, unknown>> => ({
  iss: issuer,
  sub: subject,
  aud: clientId,
  iat: now,
  exp: now + lifetimeSeconds,
  jti: base64url(random(16)),
  events: { [logoutEvent]: {} },
  sid,
});
