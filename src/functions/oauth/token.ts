/** POST /token (RFC 6749 §3.2): authenticate the client, then hand over to the grant. */
import { spendProof } from '../../flows/clients/dpop.ts';
import { requireMayAsk } from '../../flows/policy/service.ts';
import { authorizationCode } from '../../flows/token/authorization-code.ts';
import { clientCredentials } from '../../flows/token/client-credentials.ts';
import { deviceCode } from '../../flows/token/device-code.ts';
import { refreshToken } from '../../flows/token/refresh-token.ts';
import type { GrantHandler } from '../../flows/token/request.ts';
import { tokenExchange } from '../../flows/token/token-exchange.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { useOf } from '../../http/use.ts';
import {
  type Client,
  deviceCodeGrant,
  type GrantType,
  grantTypes,
  tokenExchangeGrant,
} from '../../oauth/clients/client.ts';
import { algorithmsOf } from '../../oauth/clients/profile.ts';
import type { DpopProof } from '../../oauth/dpop/proof.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { authenticateClient } from './authenticate-client.ts';
import { dpopProofOf } from './dpop-proof.ts';

/** One row per grant type that the metadata document lists. */
const grants: Readonly<Record<GrantType, GrantHandler>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
  [deviceCodeGrant]: deviceCode,
  [tokenExchangeGrant]: tokenExchange,
};

export const token: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates(['resource', 'audience']);
  const proof = await dpopProofOf(request, 'token', server);
  const client = await authenticateClient(form, request, server);
  await requireMayAsk(client, server);
  const grantType = requireGrantType(form.get('grant_type'), client);
  requireProof(client, proof);
  await spendProof(proof, server);
  return json(await grants[grantType]({ form, client, jkt: proof?.jkt, use: useOf(request, server) }, server));
};

/** Throws `invalid_dpop_proof`. */
const requireProof = (client: Client, proof: DpopProof | undefined): void => {
  if (client.dpopBound && proof === undefined) throw new OAuthError('dpop_required', 'a DPoP proof is required');
  if (proof !== undefined && !algorithmsOf(client, undefined).some((one) => one === proof.algorithm))
    throw new OAuthError('dpop_algorithm', 'the DPoP proof is not signed as the client must sign');
};

const requireGrantType = (name: string | undefined, client: Client): GrantType => {
  if (name === undefined) throw new OAuthError('parameter_missing', 'grant_type is required');
  const grantType = grantTypes.find((known) => known === name);
  if (grantType === undefined) throw new OAuthError('grant_type_unsupported', 'grant_type is not supported');
  if (!client.grantTypes.includes(grantType))
    throw new OAuthError('grant_type_not_allowed', 'the client may not use this grant type');
  return grantType;
};
