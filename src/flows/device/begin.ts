/** A device asks (RFC 8628 §3.1): what a person will decide about is stored under two codes. */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import { reservedPrefix } from '../../oauth/access/resources.ts';
import { resolveTarget } from '../../oauth/access/target.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { sha256 } from '../../oauth/crypto.ts';
import { Unavailable } from '../../oauth/errors.ts';
import { deviceCodeSeconds } from '../../oauth/grants/device-request.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { formatDeviceCode, requestIdLength, secretLength } from '../../oauth/tokens/token-strings.ts';
import { newUserCode } from '../../oauth/tokens/user-code.ts';
import type { Server } from '../../server.ts';

export type DeviceAsking = {
  readonly form: Parameters;
  readonly client: Client;
  /** Where it asks from and what it says of itself, for the person to compare. */
  readonly place: string | undefined;
  readonly agent: string | undefined;
};

export type DeviceCodes = { readonly deviceCode: string; readonly userCode: string; readonly expiresIn: number };

/** Two live codes in 20^8 are hardly ever the same; three times in a row something else is wrong. */
const attempts = 3;

/** Throws `invalid_scope`, `invalid_target`, `invalid_authorization_details`, `too_many_requests`, `Unavailable`. */
export const beginDeviceRequest = async (
  { form, client, place, agent }: DeviceAsking,
  server: Server,
): Promise<DeviceCodes> => {
  // Each is two rows: one client must not fill the table.
  takeRateLimit('clients', `device ${client.clientId}`, server);
  const target = resolveTarget(
    {
      scope: form.get('scope'),
      resources: form.all('resource'),
      allowed: client.scopes.filter((scope) => !scope.startsWith(reservedPrefix)),
      refreshes: client.grantTypes.includes('refresh_token'),
      details: form.get('authorization_details'),
      detailTypes: client.detailTypes,
    },
    server.resources,
  );
  const now = server.clock();
  const common = {
    details: undefined,
    ...target,
    clientId: client.clientId,
    place,
    agent,
    createdAt: now,
    expiresAt: now + deviceCodeSeconds,
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [requestId, secret] = [server.random(requestIdLength), server.random(secretLength)];
    const userCode = newUserCode(server.random);
    if (!(await server.store.deviceRequests.begin({ ...common, requestId, codeHash: sha256(secret), userCode })))
      continue;
    const deviceCode = formatDeviceCode({ requestId, secret }, await server.keys());
    return { deviceCode, userCode, expiresIn: deviceCodeSeconds };
  }
  throw new Unavailable('storage');
};
