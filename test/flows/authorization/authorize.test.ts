/** OAuth 2.1 §3.1, §4.1.1, §4.1.2: the authorization request, what it is answered with, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { expectAnswerAt, expectErrorPage } from '../../support/expectations.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
/** Signed in, and has approved demo-web: further requests of it are answered in silence. */
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  web = demoServices(stack.issuer).web;
  alice = await signedInAt(stack);
  await web.code(alice, { scope: 'vso.work vso.code vso.build' });
});

afterAll(() => stack.stop());

type Changes = Readonly<Record<string, string | undefined>>;

const ask = (changes: Changes = {}): string => web.authorization({ state: 'state-1', ...changes }).url;

/** The same request with a parameter once more. */
const twice = (name: string, value: string): string =>
  `${ask({ nonce: 'n-1' })}&${new URLSearchParams([[name, value]])}`;

const expectAnswer = (answer: URL, expected: Readonly<Record<string, string>>): void =>
  expectAnswerAt(answer, { redirectUri: web.registration.redirectUri, issuer: stack.issuer, with: expected });

describe('the authorization request (OAuth 2.1 §4.1.1)', () => {
  it('[AZ01] is answered the same by GET, and by POST of the same form', async () => {
    const byGet = await redirectOf(ask(), alice);
    expectAnswer(byGet, { state: 'state-1' });
    const form = new URL(ask()).searchParams;
    const repeated = await alice.send(`${stack.issuer}/authorize`, { method: 'POST', body: form });
    expect(repeated.status).toBe(303);
    const location = repeated.headers.get('location') ?? '';
    expect(location.startsWith('/authorize?')).toBe(true);
    expectAnswer(await redirectOf(`${stack.issuer}${location}`, alice), { state: 'state-1' });
  });

  it('[AZ01] may carry what nobody knows, encoded in whatever way (§3.1); what is known must be readable', async () => {
    for (const odd of ['utm=50%off', '%ff=1', 'a=%00'])
      expectAnswer(await redirectOf(`${ask()}&${odd}`, alice), { state: 'state-1' });
    const post = (body: string) =>
      alice.send(`${stack.issuer}/authorize`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const request = new URL(ask()).search.slice(1);
    const location = (await post(`${request}&utm=50%off&a=b`)).headers.get('location') ?? '';
    expect([location.includes('utm'), location.includes('a=b')]).toEqual([false, true]);
    expectAnswer(await redirectOf(`${stack.issuer}${location}`, alice), { state: 'state-1' });
    expectAnswer(await redirectOf(`${ask()}&nonce=50%off`, alice), { error: 'invalid_request', state: 'state-1' });
    await expectErrorPage(await post(`${request}&nonce=50%off`));
  });

  it('[AZ01] may ask for offline_access, which comes anyway', async () => {
    expectAnswer(await redirectOf(ask({ scope: 'vso.work offline_access' }), alice), { state: 'state-1' });
  });

  it('[AZ01] does not half-read a POST of another type, or one too long for an address', async () => {
    const post = (body: string, type: string) =>
      fetch(`${stack.issuer}/authorize`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
        redirect: 'manual',
      });
    await expectErrorPage(await post('{}', 'application/json'), 415);
    await expectErrorPage(
      await post(`client_id=nobody&state=${'x'.repeat(5_000)}`, 'application/x-www-form-urlencoded'),
    );
  });

  it('[AZ05] may carry parameters that nobody knows', async () => {
    expectAnswer(await redirectOf(ask({ foo: 'bar', __proto__x: '1', 'a[b]': '2' }), alice), { state: 'state-1' });
  });

  it('[AZ11] means the same whatever the order of its scopes', async () => {
    const granted = async (scope: string) => (await web.tokens(alice, { scope })).scope;
    expect(await granted('vso.work vso.code')).toBe('vso.code vso.work');
    expect(await granted('vso.code vso.work')).toBe('vso.code vso.work');
  });

  it('means everything that the client may ask for when it names no scope', async () => {
    const person = await signedInAt(stack, 'bob');
    expect((await web.tokens(person, { scope: undefined })).scope).toBe(
      'vso.build vso.code vso.profile vso.work vso.work_write',
    );
  });
});

describe('refusals that only become a page (OAuth 2.1 §4.1.2.1)', () => {
  const refused: readonly [string, () => string][] = [
    ['[AZ04] no client_id', () => ask({ client_id: undefined })],
    ['[AZ04] an empty client_id', () => ask({ client_id: '' })],
    ['[AZ04] an unknown client_id', () => ask({ client_id: 'nobody' })],
    ['[AZ04] a client_id in another case', () => ask({ client_id: 'Demo-Web' })],
    ['[AZ07] client_id twice, the same', () => twice('client_id', 'demo-web')],
    ['[AZ07] client_id twice, different', () => twice('client_id', 'demo-native')],
    ['[AZ07] redirect_uri twice, the same', () => twice('redirect_uri', web.registration.redirectUri ?? '')],
    ['[AZ07] redirect_uri twice, different', () => twice('redirect_uri', 'https://evil.test/cb')],
  ];

  it.each(refused)('%s', async (_name, url) => {
    await expectErrorPage(await alice.send(url()));
    await expectErrorPage(await fetch(url(), { redirect: 'manual' }));
  });
});

describe('refusals that go to the client (OAuth 2.1 §4.1.2.1)', () => {
  const refused: readonly [string, Changes, string][] = [
    ['[AZ02] no response_type', { response_type: undefined }, 'invalid_request'],
    ['[AZ02] an empty response_type', { response_type: '' }, 'invalid_request'],
    ['[MD08] response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['[MD08] response_type code token', { response_type: 'code token' }, 'unsupported_response_type'],
    ['[MD08] response_type id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['response_mode fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['[RM04] response_mode jwt, not registered for', { response_mode: 'jwt' }, 'invalid_request'],
    ['[AZ10] a double quote in scope', { scope: 'vso.work"' }, 'invalid_scope'],
    ['[AZ10] a backslash in scope', { scope: 'vso\\work' }, 'invalid_scope'],
    ['[AZ10] two spaces in scope', { scope: 'vso.work  vso.code' }, 'invalid_scope'],
    ['[AZ10] a letter outside of ASCII in scope', { scope: 'vso.wörk' }, 'invalid_scope'],
    ['[AZ10] a line break in scope', { scope: 'vso.work\nvso.code' }, 'invalid_request'],
    ['[AZ10] an unknown scope', { scope: 'vso.work unknown' }, 'invalid_scope'],
    ['[AZ10] a scope in another case', { scope: 'VSO.WORK' }, 'invalid_scope'],
    ['[AZ10] a scope that this client may not ask for', { scope: 'vso.code_full' }, 'invalid_scope'],
    ['a scope of Assent’s own', { scope: 'assent.admin' }, 'invalid_scope'],
    ['[RI01] a relative resource', { resource: '/api' }, 'invalid_target'],
    ['[RI01] a resource with a fragment', { resource: 'https://api.assent.localhost#f' }, 'invalid_target'],
    ['[RI01] a resource that is no URI', { resource: 'api' }, 'invalid_target'],
    ['[RI02] an unknown resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['[RI02] a resource that is almost ours', { resource: 'https://api.assent.localhost/x' }, 'invalid_target'],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
    ['max_age that is no number', { max_age: '-1' }, 'invalid_request'],
    ['a request_uri of another server', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
    ['[PK01] no code_challenge', { code_challenge: undefined }, 'invalid_request'],
  ];

  it.each(refused)('[MX01] %s', async (_name, changes, error) => {
    for (const person of [alice, undefined])
      expectAnswer(await redirectOf(ask(changes), person), { error, state: 'state-1' });
  });

  const repeated: readonly [string, string, string][] = [
    ['response_type', 'code', 'token'],
    ['scope', 'vso.work vso.code', 'vso.build'],
    ['code_challenge', 'x', 'y'],
    ['code_challenge_method', 'S256', 'plain'],
    ['nonce', 'n-1', 'n-2'],
    ['prompt', 'login', 'none'],
    ['max_age', '1', '2'],
    ['unknown', '1', '2'],
  ];

  it.each(repeated)('[AZ07] %s sent twice, the same or different', async (name, same, other) => {
    for (const value of [same, other]) {
      const url =
        name in Object.fromEntries(new URL(ask({ nonce: 'n-1' })).searchParams)
          ? twice(name, value)
          : `${twice(name, value)}&${name}=${same}`;
      expectAnswer(await redirectOf(url, alice), { error: 'invalid_request', state: 'state-1' });
    }
  });

  it('[AZ07] state sent twice: answered without any state, as nobody can tell which', async () => {
    for (const value of ['state-1', 'state-2']) {
      const answer = await redirectOf(twice('state', value), alice);
      expect(answer.searchParams.get('error')).toBe('invalid_request');
      expect(answer.searchParams.has('state')).toBe(false);
    }
  });

  it('[AZ19] goes there without a sign-in only if an operator registered the client', async () => {
    expectAnswer(await redirectOf(ask({ scope: 'unknown' })), { error: 'invalid_scope', state: 'state-1' });
    const body = JSON.stringify({ client_name: 'Itself', redirect_uris: ['https://evil.test/cb'] });
    const headers = { 'content-type': 'application/json' };
    const registered = await fetch(`${stack.issuer}/register`, { method: 'POST', body, headers });
    const { client_id: clientId } = (await registered.json()) as { client_id: string };
    const request = ask({ client_id: clientId, redirect_uri: 'https://evil.test/cb', scope: 'unknown' });
    await expectErrorPage(await fetch(request, { redirect: 'manual' }));
    expect((await redirectOf(request, alice)).searchParams.get('error')).toBe('invalid_scope');
    expect((await fetch(`${stack.issuer}/api/admin/apps`, { method: 'POST', body, headers })).status).toBe(401);
  });
});
