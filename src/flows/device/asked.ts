/** What a device's request asks a person, as things are now. */
import { stillAllowed } from '../../oauth/access/target.ts';
import { type Asked, askedOf } from '../../oauth/authorization/asked.ts';
import { deviceCodeGrant } from '../../oauth/clients/client.ts';
import type { DeviceRequest } from '../../oauth/grants/device-request.ts';
import { digestOf } from '../../oauth/grants/grant.ts';
import type { Server } from '../../server.ts';
import { requireAccessOn, requireMayAsk } from '../policy/service.ts';

/** `isOpen` says whether it can still be decided. */
export type AskedByDevice = Asked & { readonly request: DeviceRequest; readonly isOpen: boolean };

/**
 * Undefined for a code that names nothing a person could decide about, whatever the reason: nobody learns which codes there
 * are. Costs two reads. Throws `unauthorized_client` for a blocked client.
 */
export const askedByDevice = async (userCode: string, server: Server): Promise<AskedByDevice | undefined> => {
  const request = await server.store.deviceRequests.named(userCode);
  if (request === undefined || server.clock() >= request.expiresAt) return undefined;
  const client = await server.clients.resolve(request.clientId);
  if (!client?.grantTypes.includes(deviceCodeGrant)) return undefined;
  await requireMayAsk(client, server);
  await requireAccessOn('person', server);
  const target = stillAllowed(request, client);
  if (target.scopes.length === 0 && target.details === undefined) return undefined;
  const parameters = [['user_code', userCode]] as const;
  return {
    ...askedOf(target, { client, parameters, digest: digestOf(parameters) }, server.resources),
    request,
    isOpen: request.state === 'pending',
  };
};
