/** Libraries that know OpenID Connect and nothing of this server sign a person in. */
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const http = { [oauth.allowInsecureRequests]: true } as const;

let stack: Stack;
let redirectUri: string;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  redirectUri = `http://localhost:${stack.ports.service}/callback`;
  alice = personAt(stack);
});

afterAll(() => stack.stop());

describe('openid-client', () => {
  const discovered = () =>
    openid.discovery(new URL(stack.issuer), 'demo-web', 'demo-web-secret', undefined, {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });

  const signedIn = async (person: Person, more: Readonly<Record<string, string>> = {}) => {
    const configuration = await discovered();
    const [pkceCodeVerifier, expectedNonce, expectedState] = [
      openid.randomPKCECodeVerifier(),
      openid.randomNonce(),
      openid.randomState(),
    ];
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      nonce: expectedNonce,
      state: expectedState,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    });
    const checks = { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true };
    const maxAge = more.max_age === undefined ? {} : { maxAge: Number(more.max_age) };
    const tokens = await openid.authorizationCodeGrant(configuration, await person.authorize(url), {
      ...checks,
      ...maxAge,
    });
    return { configuration, tokens };
  };

  it('[OI01][OI06] finds everything by discovery, and verifies the ID token and its signature', async () => {
    const { configuration, tokens } = await signedIn(alice);
    const claims = tokens.claims();
    expect(claims).toMatchObject({ iss: stack.issuer, aud: 'demo-web' });
    const told = await openid.fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? '');
    expect(told).toMatchObject({ name: 'Alice Adams', email: 'alice@contoso.example', email_verified: true });
  });

  it('[OI03] refreshes, and verifies the ID token that comes with it', async () => {
    const { configuration, tokens } = await signedIn(alice);
    const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub);
  });

  it('[OI09] has max_age kept, and prompt=none answered or refused', async () => {
    const { tokens } = await signedIn(alice, { max_age: '60' });
    expect(tokens.claims()?.auth_time).toBeTypeOf('number');
    await signedIn(alice, { prompt: 'none' });
    const nobody = signedIn(personAt(stack), { prompt: 'none' });
    await expect(nobody).rejects.toMatchObject({ error: 'login_required' });
    const stranger = signedIn(await signedInAt(stack, 'olga'), { prompt: 'none' });
    await expect(stranger).rejects.toMatchObject({ error: 'consent_required' });
  });
});

describe('oauth4webapi', () => {
  it('[OI01][OI04] signs a native client’s person in, with nothing but the issuer known', async () => {
    const issuer = new URL(stack.issuer);
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
    const client: oauth.Client = { client_id: 'demo-native' };
    const callback = 'http://127.0.0.1:51004/callback';
    const [verifier, nonce, state] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomNonce(),
      oauth.generateRandomState(),
    ];
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid email vso.work',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const answer = oauth.validateAuthResponse(server, client, await alice.authorize(url), state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      answer,
      callback,
      verifier,
      http,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, http);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    const told = await oauth.processUserInfoResponse(
      server,
      client,
      claims?.sub ?? '',
      await oauth.userInfoRequest(server, client, tokens.access_token, http),
    );
    expect(told).toEqual({ sub: claims?.sub, email: 'alice@contoso.example', email_verified: true });
  });
});
