import { createHash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { AuthorizationCode } from 'simple-oauth2';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;

const client = new AuthorizationCode({
  client: { id: CLIENT_ID, secret: CLIENT_SECRET },
  auth: { tokenHost: ISSUER, authorizePath: '/authorize', tokenPath: '/token', revokePath: '/revoke' },
});

// It has no PKCE of its own; it passes on what it is given.
const verifier = randomBytes(32).toString('base64url');
const state = randomBytes(16).toString('base64url');
const url = client.authorizeURL({
  redirect_uri: REDIRECT_URI,
  scope: 'vso.work vso.code',
  state,
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
});

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const pasted = await terminal.question(`Open ${url}\nThen paste the address that you came back to: `);
terminal.close();

const answer = new URL(pasted).searchParams;
if (answer.get('state') !== state || answer.get('iss') !== ISSUER) throw new Error('not the answer to this request');
if (answer.has('error')) throw new Error(`${answer.get('error')}: ${answer.get('error_description')}`);

const code = { code: answer.get('code'), redirect_uri: REDIRECT_URI, code_verifier: verifier };
let token = await client.getToken(code);
await show(token.token);
token = await token.refresh();
await show(token.token);
await token.revoke('refresh_token');

async function show({ access_token, scope }) {
  const headers = { authorization: `Bearer ${access_token}` };
  const { items } = await (await fetch(new URL('/work-items', API), { headers })).json();
  console.log(`${items.length} work items, with ${scope}`);
}
