/**
 * grant_type=authorization_code (RFC 6749 §4.1.3): read the row, check every binding, sign, commit with one conditional
 * write. Signing comes before the commit, so a vault that does not answer consumes nothing.
 */
import { Unavailable } from '../../oauth/errors.ts';
import { decideCode, invalidCode, refusedCode } from '../../oauth/grants/authorization-code.ts';
import { byLastUse, type Family, isLive } from '../../oauth/grants/family.ts';
import { familiesPerGrant } from '../../oauth/grants/grant.ts';
import { formatRefreshToken, parseCode } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { accessTokenOf, tokenResponse } from './issue.ts';
import { endReplayed } from './replay.ts';
import { circumstancesOf, type GrantHandler, requiredParameter, type TokenRequest } from './request.ts';

export const authorizationCode: GrantHandler = async (request, server) => {
  const keys = await server.keys();
  const code = parseCode(requiredParameter(request, 'code'), keys);
  const family = code && (await server.store.families.read(code.address));
  if (code === undefined || family === undefined)
    throw invalidCode(code === undefined ? 'code_unreadable' : 'code_unknown');
  const { address } = code;
  const decision = decideCode(
    { secret: code.secret, ...presentedIn(request) },
    { ...(await circumstancesOf(request, address, server)), family },
  );
  if (decision.kind === 'replayed') return endReplayed(family, 'code replayed', server);

  const accessToken = await accessTokenOf(family, decision.target, { client: request.client, server });
  const { refresh, absoluteExpiresAt, keepUntil } = decision;
  const active = { lineage: refresh?.lineage, absoluteExpiresAt, keepUntil };
  // Lost to another request after it was good: no theft, nothing ends.
  if (!(await server.store.families.redeem(family, active))) throw refusedCode('code_spent');
  if (family.isCrowded) await evictOldest(family, request, server);
  const refreshToken = refresh && formatRefreshToken({ address, ...refresh }, keys);
  return tokenResponse({ accessToken, refreshToken }, decision.target, server);
};

const presentedIn = ({ form }: TokenRequest) => ({
  redirectUri: form.get('redirect_uri'),
  codeVerifier: form.get('code_verifier'),
  resources: form.all('resource'),
});

/** Ends the least recently used connections beyond fifty. The new one stands whatever becomes of that. */
const evictOldest = async ({ address, clientId }: Family, { client }: TokenRequest, server: Server): Promise<void> => {
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
