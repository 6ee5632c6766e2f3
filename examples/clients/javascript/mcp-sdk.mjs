import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import {
  discoverAuthorizationServerMetadata,
  exchangeAuthorization,
  refreshAuthorization,
  startAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;

// What an OAuthClientProvider of yours returns as clientInformation(), for a client that is registered beforehand.
const clientInformation = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
// The SDK names the server that it talks to, with a slash at the end.
const resource = new URL('https://api.assent.localhost');
const metadata = await discoverAuthorizationServerMetadata(ISSUER);
const common = { metadata, clientInformation, resource };

const state = randomBytes(16).toString('base64url');
const { authorizationUrl, codeVerifier } = await startAuthorization(ISSUER, {
  ...common,
  redirectUrl: REDIRECT_URI,
  scope: 'vso.work vso.code',
  state,
});

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const pasted = await terminal.question(`Open ${authorizationUrl}\nThen paste the address that you came back to: `);
terminal.close();

const answer = new URL(pasted).searchParams;
if (answer.get('state') !== state || answer.get('iss') !== ISSUER) throw new Error('not the answer to this request');
if (answer.has('error')) throw new Error(`${answer.get('error')}: ${answer.get('error_description')}`);

const code = { authorizationCode: answer.get('code'), codeVerifier, redirectUri: REDIRECT_URI };
const tokens = await exchangeAuthorization(ISSUER, { ...common, ...code });
await show(tokens);
await show(await refreshAuthorization(ISSUER, { ...common, refreshToken: tokens.refresh_token }));

async function show({ access_token, scope }) {
  const headers = { authorization: `Bearer ${access_token}` };
  const { items } = await (await fetch(new URL('/work-items', API), { headers })).json();
  console.log(`${items.length} work items, with ${scope}`);
}
