/** Libraries that know nothing of this server ask in detail, exchange what they get, and read signed introspection. */
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedInAt } from '../../support/people.ts';
import { permissionsOf } from '../../support/permissions.ts';
import { register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const bank = 'https://bank.contoso.example';
const field = { name: 'creditor', kind: 'text', label: 'To whom', required: true };
const resources = [
  {
    identifier: bank,
    name: 'Contoso Bank',
    permissions: permissionsOf('balance'),
    authorizationDetails: { payment: { title: 'Make one payment', fields: [field] } },
  },
];
const payment = { type: 'payment', creditor: 'Landlord' };
const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

let stack: Stack;
let service: Service;
let api: Service;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
  service = await register(stack.issuer, { scope: 'balance', authorization_details_types: ['payment'] });
  api = await register(stack.issuer, {
    grant_types: ['client_credentials', grant],
    redirect_uris: [],
    scope: 'balance',
    authorization_details_types: ['payment'],
    assent_token_exchange: { from: [bank], to: [bank] },
    assent_resource_server_of: [bank],
    introspection_signed_response_alg: 'PS256',
  });
});

afterAll(() => stack.stop());

const discovered = ({ registration: { clientId, secret } }: Service) =>
  openid.discovery(new URL(stack.issuer), clientId, secret, undefined, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  });

/** By openid-client, pushed. */
const paying = async (): Promise<openid.TokenEndpointResponse> => {
  const configuration = await discovered(service);
  const [pkceCodeVerifier, expectedState] = [openid.randomPKCECodeVerifier(), openid.randomState()];
  const url = await openid.buildAuthorizationUrlWithPAR(configuration, {
    redirect_uri: service.registration.redirectUri ?? '',
    authorization_details: JSON.stringify([payment]),
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const answer = await (await signedInAt(stack)).authorize(url);
  return openid.authorizationCodeGrant(configuration, answer, { pkceCodeVerifier, expectedState });
};

describe('openid-client', () => {
  it('[RA02][TX01] asks in detail, and exchanges what it got', async () => {
    const tokens = await paying();
    expect(tokens.authorization_details).toEqual([payment]);
    const exchanged = await openid.genericGrantRequest(await discovered(api), grant, {
      subject_token: tokens.access_token,
      subject_token_type: accessToken,
    });
    expect(exchanged).toMatchObject({ issued_token_type: accessToken, authorization_details: [payment] });
    const said = await openid.tokenIntrospection(await discovered(api), exchanged.access_token);
    expect(said).toMatchObject({ active: true, granted_to: service.registration.clientId });
  });
});

describe('oauth4webapi', () => {
  it('[IN08] takes signed introspection, and verifies its signature', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true } as const;
    const issuer = new URL(stack.issuer);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    );
    const { clientId, secret = '' } = api.registration;
    const client = { client_id: clientId, introspection_signed_response_alg: 'PS256' };
    const { access_token: token } = await paying();
    const response = await oauth.introspectionRequest(server, client, oauth.ClientSecretBasic(secret), token, {
      requestJwtResponse: true,
      ...insecure,
    });
    const said = await oauth.processIntrospectionResponse(server, client, response);
    expect(said).toMatchObject({ active: true, authorization_details: [payment] });
    await oauth.validateApplicationLevelSignature(server, response, insecure);
  });
});
