import { createInterface } from 'node:readline/promises';
import * as oauth from 'oauth4webapi';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;
// On your own machine only.
const options = { [oauth.allowInsecureRequests]: ISSUER.startsWith('http:') };
const client = { client_id: CLIENT_ID };
const authentication = oauth.ClientSecretBasic(CLIENT_SECRET);

const issuer = new URL(ISSUER);
const found = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' });
const server = await oauth.processDiscoveryResponse(issuer, found);

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const url = new URL(server.authorization_endpoint);
url.search = new URLSearchParams({
  response_type: 'code',
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  scope: 'vso.work vso.code',
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const answer = await terminal.question(`Open ${url}\nThen paste the address that you came back to: `);
terminal.close();

const code = oauth.validateAuthResponse(server, client, new URL(answer), state);
const redeemed = await oauth.authorizationCodeGrantRequest(
  ...[server, client, authentication, code, REDIRECT_URI, verifier, options],
);
let tokens = await oauth.processAuthorizationCodeResponse(server, client, redeemed);
await show(tokens);

const refreshed = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, options);
tokens = await oauth.processRefreshTokenResponse(server, client, refreshed);
await show(tokens);

const revoked = await oauth.revocationRequest(server, client, authentication, tokens.refresh_token, options);
await oauth.processRevocationResponse(revoked);

async function show({ access_token: token, scope }) {
  const address = new URL('/work-items', API);
  const response = await oauth.protectedResourceRequest(token, 'GET', address, undefined, undefined, options);
  const { items } = await response.json();
  console.log(`${items.length} work items, with ${scope}`);
}
