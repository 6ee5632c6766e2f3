/** OAuth 2.1 §2.3, RFC 9700 §2.1 and §4.11, RFC 8252 §7: where an answer may go, and where it never does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { scripts, traversals, unregistered, withControls } from '../../support/redirect-uris.ts';
import { refusalOf, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let web: Service;
let native: Service;
let named: Service;
let rooted: Service;
let local: Service;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  const isPublic = { token_endpoint_auth_method: 'none' };
  web = await register(stack.issuer, { redirect_uris: ['https://app.example/cb', 'https://app.example/cb2?x=1'] });
  native = await register(stack.issuer, {
    ...isPublic,
    redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'],
  });
  named = await register(stack.issuer, {
    ...isPublic,
    redirect_uris: ['http://localhost/cb', 'http://localhost:8080/cb'],
  });
  rooted = await register(stack.issuer, {
    ...isPublic,
    redirect_uris: ['http://127.0.0.1', 'http://localhost:8080'],
  });
  local = await register(stack.issuer, { redirect_uris: ['http://localhost:3000/cb', 'http://localhost:3000'] });
});

afterAll(() => stack.stop());

type Changes = Readonly<Record<string, string | undefined>>;

const ask = (service: Service, redirectUri: string | undefined, changes: Changes = {}): string =>
  service.authorization({ redirect_uri: redirectUri, state: 'state-1', ...changes }).url;

/** Status 400, a page, and nothing in it that leads to `uri`. */
const expectNowhere = async (url: string, uri: string): Promise<void> => {
  for (const response of [await alice.send(url), await fetch(url, { redirect: 'manual' })]) {
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(response.headers.has('location')).toBe(false);
    expect(response.headers.has('refresh')).toBe(false);
    expect(text).not.toMatch(/http-equiv|<script/i);
    const links = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address]) => address);
    expect(links).toEqual(expect.arrayContaining(['/']));
    for (const link of links) expect(link).toMatch(/^(#main|\/([a-z-]*)|data:image\/svg\+xml,.*)$/);
    if (uri.length > 12) expect(text).not.toContain(uri);
  }
};

describe('a redirect URI in an authorization request (OAuth 2.1 §4.1.1)', () => {
  it.each(['https://app.example/cb', 'https://app.example/cb2?x=1'])(
    '[RU01] is taken when it is registered: %s',
    async (uri) => {
      const answer = await redirectOf(ask(web, uri, { scope: 'unknown' }));
      expect(answer.href.startsWith(`${uri}${uri.includes('?') ? '&' : '?'}error=invalid_scope`)).toBe(true);
      expect(answer.searchParams.get('state')).toBe('state-1');
    },
  );

  it.each(unregistered)(
    '[RU02][RU16] ends in a page without a way there when it is another spelling or another place: %j',
    (uri) => expectNowhere(ask(web, uri), uri),
  );

  it.each(traversals)('[RU04] ends in a page when it hides a way up: %j', (uri) => expectNowhere(ask(web, uri), uri));

  it.each([...scripts, ...withControls])('[RU14] ends in a page when it is no address at all: %j', (uri) =>
    expectNowhere(ask(native, uri), uri),
  );

  it('may be left out by a client that has one only', async () => {
    const single = await register(stack.issuer, { redirect_uris: ['https://single.example/cb'] });
    const answer = await redirectOf(ask(single, undefined, { scope: 'unknown' }));
    expect(answer.origin + answer.pathname).toBe('https://single.example/cb');
    await expectNowhere(ask(web, undefined), 'https://app.example/cb');
  });

  const broken: readonly [string, Changes][] = [
    ['another response_type', { response_type: 'token' }],
    ['no response_type', { response_type: undefined }],
    ['no scope', { scope: '' }],
    ['an unknown scope', { scope: 'unknown' }],
    ['an unknown resource', { resource: 'https://other.example' }],
    ['no challenge', { code_challenge: undefined }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['prompt=none', { prompt: 'none' }],
    ['a broken prompt', { prompt: 'none login' }],
    ['a request object', { request: 'x' }],
    ['a request_uri', { request_uri: 'https://evil.test/request' }],
    ['a response_mode', { response_mode: 'form_post' }],
  ];

  it.each(broken)('[RU20] is proven before anything else is looked at: %s', (_name, changes) =>
    expectNowhere(ask(web, 'https://evil.test/callback', changes), 'https://evil.test/callback'),
  );
});

describe('redirect URIs of apps on a device (RFC 8252 §7, §8.4)', () => {
  it.each(['http://127.0.0.1:51004/cb', 'http://127.0.0.1/cb', 'http://[::1]:61023/cb', 'com.example.app:/cb'])(
    '[RU08] are taken with whatever port the app got: %s',
    async (uri) => {
      const answer = await redirectOf(ask(native, uri, { scope: 'unknown' }));
      expect(answer.href.startsWith(`${uri}?error=invalid_scope`)).toBe(true);
    },
  );

  it.each([
    'http://127.0.0.1:51004/other',
    'http://127.0.0.1:51004/cb/',
    'http://127.0.0.1:51004/cb?x=1',
    'http://127.0.0.1:51004',
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:80a/cb',
    'https://127.0.0.1:51004/cb',
    'http://127.0.0.2:51004/cb',
    'http://127.1:51004/cb',
    'http://2130706433:51004/cb',
    'http://0x7f000001/cb',
    'http://127.0.0.1.evil.test/cb',
    'http://127.0.0.1@evil.test/cb',
    'http://127.0.0.1:51004@evil.test/cb',
    'http://[::ffff:127.0.0.1]:51004/cb',
    'http://[0:0:0:0:0:0:0:1]/cb',
    'http://0.0.0.0:51004/cb',
    'com.example.app:/cb/',
    'com.example.app://cb',
    'com.example.app2:/cb',
  ])('[RU08] are refused when more than the port differs: %s', (uri) => expectNowhere(ask(native, uri), uri));

  it.each([
    ['http://localhost:51004/cb', () => native],
    ['http://127.0.0.1:51004/cb', () => named],
    ['http://[::1]:51004/cb', () => named],
    ['http://localhost:0/cb', () => named],
    ['http://localhost:51004/other', () => named],
    ['http://localhost:51004@evil.test/cb', () => named],
    ['https://localhost:51004/cb', () => named],
    ['http://LOCALHOST:51004/cb', () => named],
    ['http://localhost.evil.test/cb', () => named],
  ] as const)('[RU10] localhost is a name like any other, and never the literal: %s', (uri, service) =>
    expectNowhere(ask(service(), uri), uri),
  );

  it.each(['http://localhost/cb', 'http://localhost:8080/cb', 'http://localhost:51004/cb'])(
    '[RU21] localhost has any port for an app: %s',
    async (uri) => {
      expect((await redirectOf(ask(named, uri, { scope: 'unknown' }))).href.startsWith(`${uri}?`)).toBe(true);
    },
  );

  it.each(['http://localhost:3001/cb', 'http://localhost/cb', 'http://localhost:3000/', 'http://localhost:3001'])(
    '[RU21] localhost is to the letter what a client with a secret registered: %s',
    (uri) => expectNowhere(ask(local, uri), uri),
  );

  it.each(['http://127.0.0.1:51004', 'http://127.0.0.1:51004/', 'http://localhost:51004', 'http://localhost:51004/'])(
    '[RU22] an empty path is "/" on a loopback address, and the code comes back as it was asked: %s',
    async (uri) => {
      const page = await alice.authorize(ask(rooted, uri));
      expect(page.href.startsWith(`${new URL(uri).origin}/?code=`)).toBe(true);
      expect((await redirectOf(ask(rooted, uri, { scope: 'unknown' }))).origin).toBe(new URL(uri).origin);
    },
  );

  it('[RU22] never answers there without asking, however often the person approved', async () => {
    for (let visit = 0; visit < 2; visit++) {
      const arrival = await alice.visit(ask(rooted, 'http://localhost:51004'));
      expect(arrival.kind).toBe('page');
      if (arrival.kind === 'page') await alice.decide(arrival, { decision: 'approve' });
    }
  });

  it.each(['https://evil.test', 'https://evil.test/cb', 'http://evil.test:80/cb', 'https://127.0.0.1.nip.io/cb'])(
    '[RU11] a loopback registration opens no other host: %s',
    (uri) => expectNowhere(ask(native, uri), uri),
  );
});

describe('the answer at a redirect URI with a query of its own', () => {
  it('[RU07] keeps that query as it is, and has each of its own parameters once', async () => {
    const page = await alice.authorize(ask(web, 'https://app.example/cb2?x=1'));
    expect(page.href.startsWith('https://app.example/cb2?x=1&code=')).toBe(true);
    for (const name of ['code', 'state', 'iss']) expect(page.searchParams.getAll(name)).toHaveLength(1);
  });
});

describe('redirect_uri at the token endpoint (OAuth 2.1 §10.2)', () => {
  const code = async () => web.code(alice, { redirect_uri: 'https://app.example/cb' });

  it('[RU17] may be left out, or be the one of the request', async () => {
    expect((await web.redeem(await code())).status).toBe(200);
    expect((await web.redeem(await code(), { redirect_uri: 'https://app.example/cb' })).status).toBe(200);
  });

  it.each(['https://app.example/cb2?x=1', 'https://app.example/cb/', 'https://evil.test/cb'])(
    '[RU17] is refused when it is another, and the code lives on: %j',
    async (uri) => {
      const issued = await code();
      expect(await refusalOf(web.redeem(issued, { redirect_uri: uri }))).toEqual({
        status: 400,
        error: 'invalid_grant',
      });
      expect((await web.redeem(issued)).status).toBe(200);
    },
  );
});
