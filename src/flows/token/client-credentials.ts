/** grant_type=client_credentials (RFC 6749 §4.4): the client acts for itself; nothing is stored. */
import { decideClientCredentials } from '../../oauth/grants/client-credentials.ts';
import { keepWhileUsed } from '../clients/keep-used.ts';
import { requireOwnTarget } from '../policy/held.ts';
import { signedAccessToken, tokenResponse } from './issue.ts';
import type { GrantHandler } from './request.ts';

export const clientCredentials: GrantHandler = async ({ form, client, jkt }, server) => {
  const request = {
    scope: form.get('scope'),
    resources: form.all('resource'),
    details: form.get('authorization_details'),
  };
  const target = decideClientCredentials(request, client, server.resources);
  await requireOwnTarget(client, target, server);
  await keepWhileUsed(client, server);
  const { clientId } = client;
  const accessToken = await signedAccessToken({ ...target, clientId, subject: clientId, jkt }, { client, server });
  return tokenResponse({ accessToken, jkt }, target, server);
};
