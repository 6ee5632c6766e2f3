/** The device grant (RFC 8628 §3.4): read the request; once it is approved, redeem the family that the approval made. */
import {
  decideDeviceCode,
  invalidDeviceCode,
  notApproved,
  requireOwnDeviceCode,
  spentDeviceCode,
} from '../../oauth/grants/device-code.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import { parseDeviceCode } from '../../oauth/tokens/token-strings.ts';
import { requireRuling, rulingOnFamily, within } from '../policy/held.ts';
import { redeem } from './redeem.ts';
import { circumstancesOf, type GrantHandler, requiredParameter } from './request.ts';

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
  const family = await server.store.families.read(address);
  if (family === undefined) throw spentDeviceCode();
  const ruling = await rulingOnFamily(family, server);
  const ruled = { ...request, client: within(client, ruling, family) };
  const redemption = decideDeviceCode(family, await circumstancesOf(ruled, address, server));
  requireRuling(ruling);
  const redeemed = await redeem(family, redemption, { request, server, endsAt: ruling.endsAt });
  if (redeemed === undefined) throw spentDeviceCode();
  return redeemed;
};
