/** POST /device_authorization (RFC 8628 §3.1): a device without a browser asks for codes. */
import { beginDeviceRequest } from '../../flows/device/begin.ts';
import { requireAccessOn, requireMayAsk } from '../../flows/policy/service.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { countryOf } from '../../http/use.ts';
import { deviceCodeGrant } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { pollSeconds } from '../../oauth/grants/device-request.ts';
import { shownUserCode } from '../../oauth/tokens/user-code.ts';
import { authenticateClient } from './authenticate-client.ts';

/** Anybody can write a header of any length. */
const agentLimit = 120;

export const deviceAuthorization: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates(['resource']);
  const client = await authenticateClient(form, request, server);
  await requireMayAsk(client, server);
  await requireAccessOn('service', server);
  if (!client.grantTypes.includes(deviceCodeGrant))
    throw new OAuthError('client_without_device_grant', 'the client may not use this grant type');
  const agent = request.header('user-agent')?.slice(0, agentLimit);
  // An address tells a person little, unless it is all that there is (RFC 8628 §5.4).
  const place = countryOf(request, server) ?? request.source;
  const { deviceCode, userCode, expiresIn } = await beginDeviceRequest({ form, client, place, agent }, server);
  const address = `${server.config.issuer}/device`;
  return json({
    device_code: deviceCode,
    user_code: shownUserCode(userCode),
    verification_uri: address,
    verification_uri_complete: `${address}?user_code=${shownUserCode(userCode)}`,
    expires_in: expiresIn,
    interval: pollSeconds,
  });
};
