/**
 * What a deployment must do and must refuse, as a client sees it. Each check has the server's `baseUrl`, the `issuer` it
 * must call itself, and, unless skipped, a `client` that may use client_credentials.
 */
import { basic, expect, lacksSignInAlone, postForm, send } from './requests.mjs';
import { verifiedClaims } from './token-verification.mjs';

const json = async (response) => {
  expect(response.headers.get('content-type')?.startsWith('application/json'), 'the answer is not JSON');
  return response.json();
};

const keysOf = async ({ baseUrl }) => (await json(await send(`${baseUrl}/.well-known/jwks.json`))).keys;

const token = ({ baseUrl }, headers, fields = {}) =>
  postForm(`${baseUrl}/token`, { grant_type: 'client_credentials', ...fields }, headers);

const maxAge = (response) => Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1]);

const metadata = async ({ baseUrl, issuer }) => {
  const response = await send(`${baseUrl}/.well-known/oauth-authorization-server`);
  expect(response.status === 200, `answered ${response.status}`);
  const document = await json(response);
  // RFC 8414 §3.3: a client refuses metadata whose issuer is not the one it asked.
  expect(document.issuer === issuer, `issuer is ${document.issuer}, not ${issuer}`);
  for (const [key, value] of Object.entries(document))
    if (key.endsWith('_endpoint') || key === 'jwks_uri') expect(value.startsWith(`${issuer}/`), `${key} is ${value}`);
  expect(document.code_challenge_methods_supported?.join() === 'S256', 'PKCE is not S256 alone');
};

/** Who signs people in with it finds it here, and gets nothing about anybody without a token. */
const openid = async ({ baseUrl, issuer }) => {
  const document = await json(await send(`${baseUrl}/.well-known/openid-configuration`));
  expect(document.issuer === issuer, `issuer is ${document.issuer}, not ${issuer}`);
  expect(document.userinfo_endpoint === `${issuer}/userinfo`, `userinfo_endpoint is ${document.userinfo_endpoint}`);
  const response = await send(`${baseUrl}/userinfo`);
  expect(response.status === 401, `/userinfo without a token answered ${response.status}`);
};

const jwks = async (target) => {
  const response = await send(`${target.baseUrl}/.well-known/jwks.json`);
  expect(response.status === 200, `answered ${response.status}`);
  expect(maxAge(response) <= 300, 'may be cached for longer than five minutes');
  const { keys } = await json(response);
  expect(keys.length > 0, 'there is no key');
  for (const key of keys) {
    const secretParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].filter((part) => part in key);
    expect(secretParts.length === 0, `a key shows its private parts ${secretParts}`);
    expect(key.kid && key.alg && key.use === 'sig', 'a key lacks kid, alg or use');
  }
};

const issuance = async (target) => {
  const response = await token(target, basic(target.client.id, target.client.secret));
  expect(response.status === 200, `answered ${response.status}: ${await response.clone().text()}`);
  expect(response.headers.get('cache-control')?.includes('no-store'), 'may be cached');
  const { access_token: accessToken, token_type: type } = await json(response);
  expect(type?.toLowerCase() === 'bearer', `token_type is ${type}`);
  const claims = verifiedClaims(accessToken, { keys: await keysOf(target), issuer: target.issuer });
  expect(claims.client_id === target.client.id, 'client_id is not the client that asked');
  return { accessToken, claims };
};

const adminAccess = async (target) => {
  const url = `${target.baseUrl}/api/admin/apps`;
  const { accessToken, claims } = await issuance(target);
  const mayAdminister = claims.aud === `${target.issuer}/api/admin`;
  const { status } = await send(url, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(mayAdminister ? status === 200 : [401, 403].includes(status), `a token for ${claims.aud} got ${status}`);
};

const adminRefusal = async ({ baseUrl }) => {
  const response = await send(`${baseUrl}/api/admin/apps`);
  expect(response.status === 401, `answered ${response.status} without a token`);
  expect(/^bearer/i.test(response.headers.get('www-authenticate') ?? ''), 'does not say how to authenticate');
};

const wrongSecret = async (target) => {
  const response = await token(target, basic(target.client?.id ?? 'nobody', 'not-the-secret'));
  expect(response.status === 401, `answered ${response.status}`);
  expect((await json(response)).error === 'invalid_client', 'is not invalid_client');
};

const tokenByGet = async ({ baseUrl }) => {
  const response = await send(`${baseUrl}/token?grant_type=client_credentials`);
  expect(response.status === 405, `answered ${response.status}`);
  expect(response.headers.get('allow')?.includes('POST'), 'Allow does not name POST');
};

const unprovenRedirect = async ({ baseUrl, client }) => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client?.id ?? 'nobody',
    redirect_uri: 'https://attacker.example/callback',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const response = await send(`${baseUrl}/authorize?${query}`);
  expect(response.status === 400, `answered ${response.status}`);
  // RFC 9700 §4.11: anything but a page would make this server an open redirector.
  expect(!response.headers.has('location'), `redirects to ${response.headers.get('location')}`);
  const page = response.headers.get('content-type') ?? '';
  expect(page.startsWith('text/html'), `is ${page}, not a page`);
};

const pageHeaders = async ({ baseUrl }) => {
  const { headers } = await send(`${baseUrl}/`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy.includes("frame-ancestors 'none'"), 'pages can be framed');
  expect(!/unsafe-inline|unsafe-eval/.test(policy), 'the policy allows inline code');
  expect(headers.get('x-content-type-options') === 'nosniff', 'content types can be guessed');
  expect(headers.get('referrer-policy') === 'same-origin', 'addresses leak through Referer');
  const staysOnHttps = !baseUrl.startsWith('https:') || headers.has('strict-transport-security');
  expect(staysOnHttps, 'browsers may come back over plain http');
};

const plainHttp = async ({ baseUrl }) => {
  const response = await send(baseUrl.replace('https:', 'http:')).catch(() => undefined);
  const location = response?.headers.get('location') ?? '';
  const refused = response === undefined || response.status >= 400;
  expect(refused || location.startsWith('https:'), `http is answered with ${response?.status}`);
};

const alive = async (target) => {
  const { status } = await send(`${target.baseUrl}/healthz`);
  expect(status === 200, `/healthz answered ${status}`);
  await readyAt('/readyz', target);
};

const readyAt = async (path, { baseUrl, expectsSignIn }) => {
  const response = await send(`${baseUrl}${path}`);
  const text = await response.text();
  const isReady = response.status === 200 || (!expectsSignIn && lacksSignInAlone(text));
  expect(isReady, `${path} answered ${response.status}: ${text.slice(0, 200)}`);
};

/**
 * The Functions host takes `code` in any query for a key of its own and reads its keys from its storage account before the
 * function runs, so the end of a sign-in fails while that account is away. Only a request with a code notices.
 */
const signInComesBack = async (target) => {
  const { baseUrl } = target;
  await readyAt('/readyz?code=smoke-test', target);
  const callback = await send(`${baseUrl}/sign-in/callback?code=smoke-test&state=smoke-test`);
  const isOurs = callback.status === 400 && callback.headers.has('content-security-policy');
  expect(isOurs, `/sign-in/callback with a code answered ${callback.status}`);
};

/** In the order in which they run. `needs` names what a check cannot do without. */
export const checks = [
  { name: 'is alive and reaches everything it depends on', run: alive },
  { name: 'lets a sign-in come back, past the host’s own look at its code', run: signInComesBack },
  { name: 'describes itself (RFC 8414)', run: metadata },
  { name: 'describes itself to OpenID Connect, and keeps userinfo shut', run: openid },
  { name: 'publishes its keys, and only their public halves', run: jwks },
  { name: 'issues a token that verifies (client_credentials)', run: issuance, needs: 'client' },
  { name: 'opens its admin API to operators only', run: adminAccess, needs: 'client' },
  { name: 'refuses its admin API without a token', run: adminRefusal },
  { name: 'refuses a wrong secret', run: wrongSecret },
  { name: 'refuses GET /token', run: tokenByGet },
  { name: 'shows a page for an unproven redirect_uri, never a redirect', run: unprovenRedirect },
  { name: 'protects its pages', run: pageHeaders },
  { name: 'does not answer over plain http', run: plainHttp, needs: 'https' },
];
