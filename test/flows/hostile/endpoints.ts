/** Every endpoint that takes input, with a request that is right as far as a stranger can make it, and what a refusal looks like. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type RawAnswer, sendRaw } from '../../support/raw.ts';
import { basicAuth, newPkce } from '../../support/service.ts';
import type { Stack } from '../../support/stack.ts';

/** What is refused at once takes no longer on a starved machine; what reads something over and over, or waits for somebody, does. */
export const patienceMilliseconds = 60_000;

export type Pair = readonly [name: string, encodedValue: string];

export type Target = {
  readonly name: (typeof targetNames)[number];
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly audience: 'services' | 'people';
  readonly headers: Readonly<Record<string, string>>;
  /** Already form-encoded. */
  readonly parameters: readonly Pair[];
};

export const targetNames = [
  'authorize (GET)',
  'authorize (POST)',
  'consent',
  'sign-in-callback',
  'sign-out',
  'end-session (GET)',
  'end-session (POST)',
  'authorizations/revoke',
  'token (code)',
  'token (refresh)',
  'token (secret in the body)',
  'revoke',
  'introspect',
  'userinfo',
] as const;

const encoded = (parameters: Readonly<Record<string, string>>): readonly Pair[] =>
  Object.entries(parameters).map(([name, value]) => [name, encodeURIComponent(value)]);

const form = { 'content-type': 'application/x-www-form-urlencoded' } as const;

/** With a session's cookie the requests of people are those of somebody who is signed in. */
export const targetsOf = (stack: Stack, session?: string): readonly Target[] => {
  const authorization = basicAuth('demo-web', 'demo-web-secret');
  const basic = { ...form, authorization };
  const request = {
    response_type: 'code',
    client_id: 'demo-web',
    redirect_uri: `http://localhost:${stack.ports.service}/callback`,
    scope: 'openid vso.work',
    resource: 'https://api.assent.localhost',
    state: 'state',
    code_challenge: newPkce().challenge,
    code_challenge_method: 'S256',
    nonce: 'nonce',
    response_mode: 'query',
    login_hint: 'alice',
    max_age: '600',
    claims: '{"userinfo":{"name":null}}',
    acr_values: 'urn:contoso:password',
  };
  const code = `assent_ac_${randomBytes(96).toString('base64url')}`;
  const refreshToken = `assent_rt_${randomBytes(120).toString('base64url')}`;
  const verifier = newPkce().verifier;
  const client = { client_id: 'demo-native' };
  const cookie = session === undefined ? {} : { cookie: `assent-session=${session}` };
  const people = { audience: 'people' as const, method: 'POST' as const, headers: { ...form, ...cookie } };
  const services = { audience: 'services' as const, method: 'POST' as const };
  return [
    {
      ...people,
      name: 'authorize (GET)',
      method: 'GET',
      path: '/authorize',
      headers: cookie,
      parameters: encoded(request),
    },
    { ...people, name: 'authorize (POST)', path: '/authorize', parameters: encoded(request) },
    {
      ...people,
      name: 'consent',
      path: '/consent',
      parameters: encoded({ ...request, approval: 'a.b', decision: 'approve', permission: 'vso.work' }),
    },
    {
      ...people,
      name: 'sign-in-callback',
      method: 'GET',
      path: '/sign-in/callback',
      headers: { cookie: `assent-signin-x=y; assent-session=${session ?? 'z'}` },
      parameters: encoded({ code: 'x', state: 'y', iss: 'z' }),
    },
    { ...people, name: 'sign-out', path: '/sign-out', parameters: encoded({ token: 'x' }) },
    {
      ...people,
      name: 'end-session (GET)',
      method: 'GET',
      path: '/end-session',
      parameters: encoded({ id_token_hint: 'a.b.c', client_id: 'demo-web', state: 's' }),
    },
    {
      ...people,
      name: 'end-session (POST)',
      path: '/end-session',
      parameters: encoded({ token: 'x', decision: 'sign-out', client_id: 'demo-web', state: 's' }),
    },
    {
      ...people,
      name: 'authorizations/revoke',
      path: '/authorizations/revoke',
      parameters: encoded({ token: 'x', authorization: '00'.repeat(16) }),
    },
    {
      ...services,
      name: 'token (code)',
      path: '/token',
      headers: form,
      parameters: encoded({
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'http://127.0.0.1/callback',
        code_verifier: verifier,
        resource: 'https://api.assent.localhost',
        ...client,
      }),
    },
    {
      ...services,
      name: 'token (refresh)',
      path: '/token',
      headers: basic,
      parameters: encoded({ grant_type: 'refresh_token', refresh_token: refreshToken, scope: 'vso.work' }),
    },
    {
      ...services,
      name: 'token (secret in the body)',
      path: '/token',
      headers: form,
      parameters: encoded({ grant_type: 'client_credentials', client_id: 'demo-post', client_secret: 'x', scope: 'y' }),
    },
    {
      ...services,
      name: 'revoke',
      path: '/revoke',
      headers: basic,
      parameters: encoded({ token: refreshToken, token_type_hint: 'refresh_token' }),
    },
    {
      ...services,
      name: 'introspect',
      path: '/introspect',
      headers: basic,
      parameters: encoded({ token: code, token_type_hint: 'access_token' }),
    },
    { ...services, name: 'userinfo', path: '/userinfo', headers: form, parameters: encoded({ access_token: code }) },
  ];
};

export const sendTo = (stack: Stack, target: Target, parameters: readonly Pair[]): Promise<RawAnswer> => {
  const body = parameters.map(([name, value]) => `${name}=${value}`).join('&');
  return target.method === 'GET'
    ? sendRaw(stack.issuer, `${target.path}?${body}`, { headers: target.headers })
    : sendRaw(stack.issuer, target.path, { method: 'POST', headers: target.headers, body });
};

/** What holds of every answer to a stranger, whatever was sent: clear, nobody's fault but the caller's, and without a token. */
export const expectClean = (
  stack: Stack,
  { audience, path }: Pick<Target, 'audience' | 'path'>,
  answer: RawAnswer,
): void => {
  const shown = `${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.status, shown).toBeLessThan(500);
  expect(answer.text).not.toMatch(/access_token":|refresh_token":|RestError|node_modules|\.cjs/);
  expect(answer.headers).not.toHaveProperty('x-injected');
  expect(JSON.stringify(answer.headers['set-cookie'] ?? [])).not.toContain('injected');
  // The HTTP server itself refuses what no function gets to see: targets and headers that are too long or malformed.
  if ([431, 414].includes(answer.status) || answer.headers['content-type'] === undefined) {
    if (answer.status === 303) expectKnownDestination(stack, answer);
    else expect([400, 404, 414, 431], shown).toContain(answer.status);
    return;
  }
  if (audience === 'people') {
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    return;
  }
  expect(answer.headers['content-type']).toBe('application/json');
  const body = JSON.parse(answer.text) as { error?: unknown; active?: unknown };
  if (path === '/introspect' && answer.status === 200) expect(body).toEqual({ active: false });
  else if (path === '/revoke' && answer.status === 200) expect(body).toEqual({});
  else expect([answer.status >= 400, body.error]).toEqual([true, expect.stringMatching(/^[a-z_]+$/)]);
};

/** Nobody is sent anywhere but to the provider, to a page of ours, or to the registered redirect URI. */
const expectKnownDestination = (stack: Stack, { headers }: RawAnswer): void => {
  const destination = new URL(headers.location ?? '', stack.issuer);
  const known = [stack.issuer, stack.provider.issuer, `http://localhost:${stack.ports.service}`, 'http://127.0.0.1'];
  expect(known).toContain(destination.origin);
  expect(headers.location).toMatch(/^[\x21-\x7e]*$/);
};
