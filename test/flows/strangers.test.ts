import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../support/people.ts';
import type { Decision, Person } from '../support/person.ts';
import { type Stack, startStack } from '../support/stack.ts';

const http = { [oauth.allowInsecureRequests]: true } as const;
const resource = 'https://api.assent.localhost';

let stack: Stack;
let server: oauth.AuthorizationServer;
let redirectUri: string;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  const issuer = new URL(stack.issuer);
  const discovered = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' });
  server = await oauth.processDiscoveryResponse(issuer, discovered);
  redirectUri = `http://localhost:${stack.ports.service}/callback`;
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const web: oauth.Client = { client_id: 'demo-web' };
const webAuth = oauth.ClientSecretBasic('demo-web-secret');
const native: oauth.Client = { client_id: 'demo-native' };

type Request = { readonly client: oauth.Client; readonly redirectUri: string; readonly decision?: Decision };

/** The way of the browser: from the authorization request to the validated answer. Throws what oauth4webapi throws. */
const authorized = async ({ client, redirectUri: to, decision = { decision: 'approve' } }: Request) => {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: to,
    response_type: 'code',
    scope: 'vso.work vso.code',
    resource,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  const answer = await alice.authorize(url, decision);
  // Checks state, and iss against the server's (RFC 9207 §2.4).
  return { parameters: oauth.validateAuthResponse(server, client, answer, state), verifier };
};

const tokensFor = async (request: Request, auth: oauth.ClientAuth): Promise<oauth.TokenEndpointResponse> => {
  const { parameters, verifier } = await authorized(request);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    request.client,
    auth,
    parameters,
    request.redirectUri,
    verifier,
    http,
  );
  return oauth.processAuthorizationCodeResponse(server, request.client, response);
};

const introspect = async (token: string): Promise<oauth.IntrospectionResponse> => {
  const response = await oauth.introspectionRequest(server, web, webAuth, token, http);
  return oauth.processIntrospectionResponse(server, web, response);
};

describe('the whole flow by oauth4webapi', () => {
  it('discovers the server, with everything that the flow needs', () => {
    expect(server).toMatchObject({
      issuer: stack.issuer,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    for (const name of ['authorization', 'token', 'revocation', 'introspection'])
      expect(server[`${name}_endpoint`]).toMatch(new RegExp(`^${stack.issuer}/\\w+$`));
  });

  it('gets a code, a token that the resource server can verify, a fresh one, and gives it back', async () => {
    const tokens = await tokensFor({ client: web, redirectUri }, webAuth);
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'vso.code vso.work' });

    const atApi = new Request(`${resource}/work-items`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const claims = await oauth.validateJwtAccessToken(server, atApi, resource, http);
    expect(claims).toMatchObject({ client_id: 'demo-web', scope: 'vso.code vso.work', aud: resource });
    expect(await introspect(tokens.access_token)).toMatchObject({ active: true, sub: claims.sub, jti: claims.jti });

    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      web,
      await oauth.refreshTokenGrantRequest(server, web, webAuth, tokens.refresh_token ?? '', http),
    );
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await introspect(refreshed.access_token)).toMatchObject({ active: true });

    const revoked = await oauth.revocationRequest(server, web, webAuth, refreshed.refresh_token ?? '', http);
    expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
    for (const token of [tokens.access_token, refreshed.access_token, refreshed.refresh_token ?? ''])
      expect(await introspect(token)).toEqual({ active: false });
    const refused = oauth.processRefreshTokenResponse(
      server,
      web,
      await oauth.refreshTokenGrantRequest(server, web, webAuth, refreshed.refresh_token ?? '', http),
    );
    await expect(refused).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
  });

  it('serves a native client without a secret, on the port that it got (RFC 8252 §7.3)', async () => {
    const tokens = await tokensFor({ client: native, redirectUri: 'http://127.0.0.1:51004/callback' }, oauth.None());
    const response = await oauth.refreshTokenGrantRequest(
      server,
      native,
      oauth.None(),
      tokens.refresh_token ?? '',
      http,
    );
    expect(await oauth.processRefreshTokenResponse(server, native, response)).toMatchObject({ token_type: 'bearer' });
  });

  it('tells the client that the person refused', async () => {
    const denied = authorized({
      client: native,
      redirectUri: 'http://127.0.0.1:51004/callback',
      decision: { decision: 'deny' },
    });
    await expect(denied).rejects.toMatchObject({ name: 'AuthorizationResponseError', error: 'access_denied' });
  });

  it('gives a service a token of its own, and no refresh token', async () => {
    const client: oauth.Client = { client_id: 'demo-service' };
    const auth = oauth.ClientSecretBasic('demo-service-secret');
    const parameters = new URLSearchParams({ scope: 'vso.build', resource });
    const response = await oauth.clientCredentialsGrantRequest(server, client, auth, parameters, http);
    const tokens = await oauth.processClientCredentialsResponse(server, client, response);
    expect(tokens).toMatchObject({ scope: 'vso.build', expires_in: 600 });
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('challenges a client with a wrong secret in the way of RFC 9110', async () => {
    const wrong = oauth.ClientSecretBasic('wrong');
    const response = await oauth.clientCredentialsGrantRequest(server, web, wrong, {}, http);
    const refused = oauth.processClientCredentialsResponse(server, web, response);
    await expect(refused).rejects.toMatchObject({
      cause: [{ scheme: 'basic', parameters: { realm: stack.issuer, charset: 'UTF-8' } }],
    });
  });

  it('refuses the code when another verifier comes with it, and takes it with the right one', async () => {
    const { parameters, verifier } = await authorized({ client: web, redirectUri });
    const other = oauth.generateRandomCodeVerifier();
    const redeem = async (presented: string) =>
      oauth.processAuthorizationCodeResponse(
        server,
        web,
        await oauth.authorizationCodeGrantRequest(server, web, webAuth, parameters, redirectUri, presented, http),
      );
    await expect(redeem(other)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await redeem(verifier)).toMatchObject({ token_type: 'bearer' });
  });
});

describe('the whole flow by openid-client', () => {
  it('discovers, signs in, uses, refreshes, introspects, revokes', async () => {
    const authentication = openid.ClientSecretBasic('demo-web-secret');
    const config = await openid.discovery(new URL(stack.issuer), 'demo-web', undefined, authentication, {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });

    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'vso.work',
      resource,
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const answer = await alice.authorize(url);
    const tokens = await openid.authorizationCodeGrant(config, answer, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    expect(tokens).toMatchObject({ scope: 'vso.work', expires_in: 600 });

    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true });
    await openid.tokenRevocation(config, refreshed.refresh_token ?? '');
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
    await expect(openid.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('notices an answer of another issuer (RFC 9207)', async () => {
    const config = await openid.discovery(new URL(stack.issuer), 'demo-native', undefined, openid.None(), {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: 'http://127.0.0.1:51004/callback',
      scope: 'vso.work',
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const answer = await alice.authorize(url);
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const forged = new URL(answer);
    forged.searchParams.set('iss', 'https://elsewhere.example');
    await expect(openid.authorizationCodeGrant(config, forged, checks)).rejects.toMatchObject({
      code: 'OAUTH_INVALID_RESPONSE',
    });
    forged.searchParams.delete('iss');
    await expect(openid.authorizationCodeGrant(config, forged, checks)).rejects.toMatchObject({
      code: 'OAUTH_INVALID_RESPONSE',
    });
    expect(await openid.authorizationCodeGrant(config, answer, checks)).toMatchObject({ scope: 'vso.work' });
  });
});
