/** OAuth 2.1 §2.3, RFC 8252 §8.4: which redirect URIs can be registered; RFC 9700 §4.11: no page is a way out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { scripts, withControls } from '../../support/redirect-uris.ts';
import { administer, refusalOf } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let person: Person;

beforeAll(async () => {
  stack = await startStack();
  person = await signedInAt(stack);
});

afterAll(() => stack.stop());

describe('redirect URIs at registration (OAuth 2.1 §2.3)', () => {
  const registering = (uri: string, more = {}) =>
    administer(stack.issuer, {
      method: 'POST',
      path: 'apps',
      body: { client_name: 'Fabrikam', scope: 'vso.work', redirect_uris: ['https://ok.example/cb', uri], ...more },
    });

  const refused: readonly [string, string][] = [
    ...[
      'https://app.example/cb#',
      'https://app.example/cb#f',
      '/cb',
      'cb',
      '//app.example/cb',
      'app.example/cb',
      '',
    ].map((uri): [string, string] => ['[RU05]', uri]),
    ...['code', 'state', 'iss', 'error', 'error_description', 'response'].map((name): [string, string] => [
      '[RU07]',
      `https://app.example/cb?x=1&${name}=1`,
    ]),
    ['[RU07]', 'https://app.example/cb?%63ode=1'],
    ['[RU07]', 'https://app.example/cb#code=1'],
    ...['myapp:/cb', 'myapp://cb', 'com:/cb', 'a.:/cb', '.a:/cb'].map((uri): [string, string] => ['[RU13]', uri]),
    ...[...scripts, ...withControls].map((uri): [string, string] => ['[RU14]', uri]),
    ['[RU14]', 'javascript.app:alert(1)\u202e'],
    ['[RU02]', 'http://app.example/cb'],
    ['[RU02]', 'https://user:pw@app.example/cb'],
    ['[RU02]', 'https://APP.example/cb'],
    ['[RU02]', 'https://app.example:443/cb'],
    ['[RU02]', 'https://app.example/x/../cb'],
    ['[RU02]', 'https://app.example/a b'],
    ['[RU02]', 'https://äpp.example/cb'],
    ['[RU02]', 'https://*.example/cb'],
    ['[RU02]', 'https://app.example\\cb'],
  ];

  it.each(refused)('%s is refused: %j', async (_id, uri) => {
    expect(await refusalOf(registering(uri))).toEqual({ status: 400, error: 'invalid_redirect_uri' });
  });

  it.each([
    'com.example.app:/cb',
    'com.example.app://cb',
    'https://app.example',
    'https://app.example/cb?x=1',
    'http://[::1]:8080/cb',
  ])('[RU13] is taken: %s', async (uri) => {
    const response = await registering(uri);
    expect(response.status).toBe(201);
    expect(((await response.json()) as Record<string, unknown>).redirect_uris).toEqual(['https://ok.example/cb', uri]);
  });

  it('is needed by a client that asks people, and only by that', async () => {
    expect(await refusalOf(registering('x', { redirect_uris: [] }))).toEqual({
      status: 400,
      error: 'invalid_redirect_uri',
    });
    const service = await registering('x', { redirect_uris: [], grant_types: ['client_credentials'] });
    expect(service.status).toBe(201);
  });
});

describe('every other page (RFC 9700 §4.11)', () => {
  const names = [
    'return',
    'returnUrl',
    'return_to',
    'next',
    'url',
    'uri',
    'redirect',
    'redirect_uri',
    'post_logout_redirect_uri',
    'target',
  ];
  const targets = ['https://evil.test/', '//evil.test/', '/\\evil.test/', '/%5cevil.test', 'https:evil.test'];
  const paths = [
    '/',
    '/sign-in',
    '/sign-in/callback',
    '/sign-out',
    '/end-session',
    '/authorizations',
    '/login',
    '/logout',
    '/error',
    '/consent',
  ];

  it.each(paths)('[RU19] never sends a browser to an address out of the request: %s', async (path) => {
    const own = new Set([stack.issuer, stack.provider.issuer]);
    for (const target of targets) {
      const query = new URLSearchParams(Object.fromEntries(names.map((name) => [name, target])));
      for (const response of [
        await person.send(`${stack.issuer}${path}?${query}`),
        await fetch(`${stack.issuer}${path}?${query}`, { redirect: 'manual' }),
      ]) {
        const location = response.headers.get('location');
        expect(await response.text()).not.toContain('evil.test');
        if (location !== null) {
          const address = new URL(location, stack.issuer);
          expect(own).toContain(address.origin);
          expect(decodeURIComponent(address.href)).not.toContain('evil.test');
        }
      }
    }
  });
});
