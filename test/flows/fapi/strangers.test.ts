/** openid-client and oauth4webapi push, sign, bind and prove themselves by keys, and know nothing of this server. */
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { type KeyPair, newKeyPair } from '../../support/assertions.ts';
import { answerDevice, enterCode, registerDevice } from '../../support/devices.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const redirectUri = 'https://bank.example/callback';

let stack: Stack;
let alice: Person;
let key: KeyPair;
let clientId: string;

beforeAll(async () => {
  // Every proof needs a nonce here, which libraries must fetch by themselves.
  stack = await startStack({ settings: { DPOP_NONCE: 'required' } });
  alice = personAt(stack);
  key = await newKeyPair('PS256', 'one');
  const service = await register(stack.issuer, {
    client_name: 'Bank of Fabrikam',
    redirect_uris: [redirectUri],
    scope: 'vso.work vso.code',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.jwk] },
    assent_profile: 'fapi2',
    authorization_signed_response_alg: 'PS256',
  });
  clientId = service.registration.clientId;
});

afterAll(() => stack.stop());

describe('openid-client', () => {
  const discovered = async () => {
    const authentication = openid.PrivateKeyJwt({ key: key.privateKey, kid: 'one' });
    return openid.discovery(new URL(stack.issuer), clientId, {}, authentication, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });
  };

  const parametersWith = async (more: Readonly<Record<string, string>> = {}) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const parameters = {
      redirect_uri: redirectUri,
      scope: 'openid vso.work',
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    };
    const checks = { pkceCodeVerifier, expectedState: parameters.state, expectedNonce: parameters.nonce };
    return { parameters, checks };
  };

  it('lives under FAPI 2.0: pushes, proves itself by its key, binds its tokens, refreshes and reads userinfo', async () => {
    const configuration = await discovered();
    const DPoP = openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256'));
    const { parameters, checks } = await parametersWith();
    const url = await openid.buildAuthorizationUrlWithPAR(configuration, parameters, { DPoP });
    const tokens = await openid.authorizationCodeGrant(configuration, await alice.authorize(url), checks, undefined, {
      DPoP,
    });
    expect(tokens.token_type).toBe('dpop');
    const told = await openid.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '', { DPoP });
    expect(told.sub).toBe(tokens.claims()?.sub);
    const next = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '', undefined, { DPoP });
    expect(next.refresh_token).toBe(tokens.refresh_token);
  });

  it('signs its request, pushes it, and takes the signed answer (FAPI 2.0 Message Signing)', async () => {
    const configuration = await discovered();
    openid.useJwtResponseMode(configuration);
    const DPoP = openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256'));
    const { parameters, checks } = await parametersWith();
    const signing = {
      key: key.privateKey,
      kid: 'one',
      [openid.modifyAssertion]: (_: unknown, payload: Record<string, unknown>) => {
        payload.nbf = payload.iat;
      },
    };
    const signed = await openid.buildAuthorizationUrlWithJAR(configuration, parameters, signing as never);
    const url = await openid.buildAuthorizationUrlWithPAR(configuration, signed.searchParams, { DPoP });
    const tokens = await openid.authorizationCodeGrant(configuration, await alice.authorize(url), checks, undefined, {
      DPoP,
    });
    expect(tokens.claims()?.nonce).toBe(parameters.nonce);
  });

  it('connects a device, and waits for its person as long as it takes', async () => {
    const { registration } = await registerDevice(stack.issuer);
    const configuration = await openid.discovery(new URL(stack.issuer), registration.clientId, {}, openid.None(), {
      execute: [openid.allowInsecureRequests],
    });
    const begun = await openid.initiateDeviceAuthorization(configuration, { scope: 'vso.work' });
    const page = await enterCode(alice, stack.issuer, begun.user_code);
    await answerDevice(alice, page, { decision: 'approve' });
    const tokens = await openid.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 1 });
    expect(tokens.scope).toBe('vso.work');
  });
});

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true } as const;
  const discover = async (): Promise<oauth.AuthorizationServer> => {
    const issuer = new URL(stack.issuer);
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    return oauth.processDiscoveryResponse(issuer, response);
  };

  it('lives under FAPI 2.0 as well, fetching nonces by itself', async () => {
    const as = await discover();
    const client: oauth.Client = { client_id: clientId };
    const authentication = oauth.PrivateKeyJwt({ key: key.privateKey, kid: 'one' });
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = new URLSearchParams({
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'vso.work',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const again = async <T>(attempt: () => Promise<T>): Promise<T> =>
      attempt().catch((error: unknown) => {
        if (oauth.isDPoPNonceError(error)) return attempt();
        throw error;
      });
    const pushed = await again(async () =>
      oauth.processPushedAuthorizationResponse(
        as,
        client,
        await oauth.pushedAuthorizationRequest(as, client, authentication, parameters, { DPoP, ...insecure }),
      ),
    );
    const address = new URL(as.authorization_endpoint ?? '');
    address.search = new URLSearchParams({ client_id: clientId, request_uri: pushed.request_uri }).toString();
    const answer = oauth.validateAuthResponse(as, client, await alice.authorize(address));
    const tokens = await again(async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        client,
        await oauth.authorizationCodeGrantRequest(as, client, authentication, answer, redirectUri, verifier, {
          DPoP,
          ...insecure,
        }),
      ),
    );
    expect(tokens.token_type).toBe('dpop');
    expect(jwtPart(tokens.access_token, 'payload')).toHaveProperty('cnf.jkt');
  });

  it('is a workload with a key and nothing else', async () => {
    const as = await discover();
    const { registration } = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'vso.work',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    const client: oauth.Client = { client_id: registration.clientId };
    const authentication = oauth.PrivateKeyJwt({ key: key.privateKey, kid: 'one' });
    const request = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      authentication,
      { scope: 'vso.work' },
      insecure,
    );
    expect((await oauth.processClientCredentialsResponse(as, client, request)).token_type).toBe('bearer');
  });
});
