/** A family becomes active: sign, commit with one conditional write, make room, answer. */
import type { Client } from '../../oauth/clients/client.ts';
import { Unavailable } from '../../oauth/errors.ts';
import { byLastUse, type Family, isLive } from '../../oauth/grants/family.ts';
import { familiesPerGrant } from '../../oauth/grants/grant.ts';
import type { Redemption } from '../../oauth/grants/redemption.ts';
import { outdated } from '../../oauth/grants/seen.ts';
import { formatRefreshToken } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { signedTokensOf, tokenResponse } from './issue.ts';
import type { TokenRequest, TokenResponse } from './request.ts';

type Circumstances = {
  readonly request: TokenRequest;
  readonly server: Server;
  /** When a rule will end it, in epoch seconds. */
  readonly endsAt: number | undefined;
};

/** Undefined when another request redeemed the family first, `outdated` when less of it is left. Throws `Unavailable`: then nothing was consumed. */
export const redeem = async (
  family: Family,
  { target, refresh, absoluteExpiresAt, keepUntil }: Redemption,
  { request: { client, jkt, use }, server, endsAt }: Circumstances,
): Promise<TokenResponse | typeof outdated | undefined> => {
  const signed = await signedTokensOf(family, target, { client, server, jkt, endsAt, nonce: family.openid?.nonce });
  const active = { lineage: refresh?.lineage, absoluteExpiresAt, keepUntil, use };
  const isRedeemed = await server.store.families.redeem(family, active);
  if (isRedeemed === outdated) return outdated;
  if (!isRedeemed) return undefined;
  if (family.isCrowded) await evictOldest(family, client, server);
  const refreshToken = refresh && formatRefreshToken({ address: family.address, ...refresh }, await server.keys());
  return tokenResponse({ ...signed, refreshToken, jkt, expiresAt: endsAt }, target, server);
};

/** Ends the least recently used connections beyond fifty. The new one stands whatever becomes of that. */
const evictOldest = async ({ address, clientId }: Family, client: Client, server: Server): Promise<void> => {
  const { families } = server.store;
  const at = server.clock();
  const event = { kind: 'evicted', at, clientId, clientName: client.name } as const;
  try {
    const live = (await families.ofClient(address)).filter((one) => one.state === 'active' && isLive(one, at));
    const excess = live.toSorted(byLastUse).slice(0, Math.max(0, live.length - familiesPerGrant));
    for (const one of excess) await families.end(one, { reason: 'evicted', at, event });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    server.log({ event: 'eviction_failed', client_id: clientId });
  }
};
