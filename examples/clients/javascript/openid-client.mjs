import { createInterface } from 'node:readline/promises';
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;

const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, {
  // Without this it looks for an OpenID Provider.
  algorithm: 'oauth2',
  // On your own machine only.
  execute: ISSUER.startsWith('http:') ? [client.allowInsecureRequests] : [],
});

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT_URI,
  scope: 'vso.work vso.code',
  state: expectedState,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
});

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const answer = await terminal.question(`Open ${url}\nThen paste the address that you came back to: `);
terminal.close();

let tokens = await client.authorizationCodeGrant(config, new URL(answer), { pkceCodeVerifier, expectedState });
await show(tokens);
tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
await show(tokens);
await client.tokenRevocation(config, tokens.refresh_token);

async function show({ access_token: token, scope }) {
  const response = await client.fetchProtectedResource(config, token, new URL('/work-items', API), 'GET');
  const { items } = await response.json();
  console.log(`${items.length} work items, with ${scope}`);
}
