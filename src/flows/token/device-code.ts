/** The device grant (RFC 8628 §3.4): read the request; once it is approved, redeem the family that the approval made. */
import {
  decideDeviceCode,
  invalidDeviceCode,
  notApproved,
  requireOwnDeviceCode,
  spentDeviceCode,
} from '../../oauth/grants/device-code.ts';
import type { outdated, Seen } from '../../oauth/grants/seen.ts';
import { clientKeyOf, type FamilyAddress } from '../../oauth/tokens/locator.ts';
import { parseDeviceCode } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { requireRuling, rulingOnFamily, within } from '../policy/held.ts';
import { byRow } from './by-family.ts';
import { redeem } from './redeem.ts';
import {
  circumstancesOf,
  type GrantHandler,
  requiredParameter,
  type TokenRequest,
  type TokenResponse,
} from './request.ts';

export const deviceCode: GrantHandler = async (request, server) => {
  const presented = parseDeviceCode(requiredParameter(request, 'device_code'), await server.keys());
  const waiting = presented && (await server.store.deviceRequests.read(presented.requestId));
  if (presented === undefined || waiting === undefined)
    throw invalidDeviceCode(presented === undefined ? 'device_code_unreadable' : 'device_code_unknown');
  const { client } = request;
  requireOwnDeviceCode(waiting, { secret: presented.secret, client });
  const now = server.clock();
  if (waiting.family === undefined) {
    const mayPoll = server.limits.polls.take(presented.requestId.toString('hex'), now);
    throw notApproved(waiting, { now, mayPoll });
  }
  const address = { ...waiting.family, clientKey: clientKeyOf(client.clientId) };
  return byRow(address, server, (seen) => redeemed(address, { request, seen }, server));
};

const redeemed = async (
  address: FamilyAddress,
  { request, seen }: { readonly request: TokenRequest; readonly seen: Seen | undefined },
  server: Server,
): Promise<TokenResponse | typeof outdated> => {
  if (seen === undefined) throw spentDeviceCode();
  const { family } = seen;
  const ruling = await rulingOnFamily(family, server);
  const ruled = { ...request, client: within(request.client, ruling, family) };
  const redemption = decideDeviceCode(family, await circumstancesOf(ruled, address, server));
  requireRuling(ruling);
  const tokens = await redeem(family, redemption, { request, server, endsAt: ruling.endsAt });
  if (tokens === undefined) throw spentDeviceCode();
  return tokens;
};
