/** Fetch Metadata, RFC 8252 §8.12: what another page makes a browser ask for begins nothing, changes nothing, gives nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionOf, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { type RawAnswer, type RawRequest, sendRaw } from '../../support/raw.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
/** Signed in, and has approved demo-web: a request of a window is answered in silence. */
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  web = demoServices(stack.issuer).web;
  alice = await signedInAt(stack);
  await web.code(alice);
});

afterAll(() => stack.stop());

type Headers = NonNullable<RawRequest['headers']>;

/** Byte for byte: fetch would put a Sec-Fetch-Mode of its own into the request. */
const send = (path: string, headers: Headers, method = 'GET'): Promise<RawAnswer> =>
  sendRaw(stack.issuer, path, { method, headers });

const cookiesOf = (person: Person): Headers => ({
  cookie: [...(person.cookies.get('localhost') ?? [])].map(([name, value]) => `${name}=${value}`).join('; '),
});

const pathOf = (url: string): string => url.slice(stack.issuer.length);

const ask = (changes: Readonly<Record<string, string>> = {}): string =>
  pathOf(web.authorization({ state: 'state-1', ...changes }).url);

const window = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const frame = { ...window, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' };

const background: readonly [string, Headers, string?][] = [
  ['a fetch', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['a fetch that says less', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['an image', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['HEAD', {}, 'HEAD'],
  ['HEAD of a window', window, 'HEAD'],
  ['a prefetch of today', { ...window, 'sec-purpose': 'prefetch' }],
  ['a prerendering', { ...window, 'sec-purpose': 'prefetch;prerender' }],
  ['a prefetch of yesterday', { purpose: 'prefetch' }],
  ['a prefetch of Firefox', { 'x-moz': 'prefetch' }],
  ['a preview of Safari', { 'x-purpose': 'preview' }],
];

/** What the storage was asked to write meanwhile. */
/** Where the timers remember how far they have come; one of them may be due, since the clock is moved here. */
const ofTimers = /PartitionKey='sweep'/;

const writesDuring = async (action: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = stack.tableProxy.requests.length;
  await action();
  const written = stack.tableProxy.requests.slice(before).filter(({ method }) => method !== 'GET');
  return written.map(({ path }) => path).filter((path) => !ofTimers.test(path));
};

describe('a request that nobody looks at', () => {
  it.each(background)('[AZ20][AZ25] gets no code, no cookie and no row: %s', async (_name, headers, method) => {
    const written = await writesDuring(async () => {
      for (const path of [ask(), ask({ prompt: 'none' }), ask({ prompt: 'login' })]) {
        const answer = await send(path, { ...headers, ...cookiesOf(alice) }, method);
        expect([answer.status, answer.headers.location]).toEqual([403, undefined]);
      }
      for (const path of [ask(), '/sign-in', '/authorizations', '/sign-in/callback?code=x&state=y']) {
        const answer = await send(path, headers, method);
        expect([path, answer.status, answer.headers['set-cookie']]).toEqual([path, 403, undefined]);
      }
    });
    expect(written).toEqual([]);
  });

  it('[AZ25] does not keep a session alive that would have ended', async () => {
    const person = await signedInAt(stack, 'bob');
    await stack.clock.move(7_200);
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    const visit = (more: Headers) => send('/authorizations', { ...cookiesOf(person), ...more });
    expect(await writesDuring(() => visit(headers))).toEqual([]);
    expect(await writesDuring(() => visit(window))).toHaveLength(1);
    await stack.clock.reset();
    expect(sessionOf(person)).toBeDefined();
  });

  it('is told apart from a window, which gets its code', async () => {
    for (const headers of [window, {}, { 'sec-fetch-mode': 'cors' }]) {
      const { status, headers: answer } = await send(ask(), { ...headers, ...cookiesOf(alice) });
      expect([status, new URL(answer.location ?? '').searchParams.has('code')]).toEqual([303, true]);
    }
  });
});

describe('a request in a frame (OpenID Connect Core §3.1.2.1)', () => {
  it('[AZ20] gets a page and no redirect when it would have to ask', async () => {
    for (const dest of ['iframe', 'frame', 'embed', 'object', 'fencedframe']) {
      const answer = await send(ask(), { ...frame, 'sec-fetch-dest': dest, ...cookiesOf(alice) });
      expect([answer.status, answer.headers.location]).toEqual([403, undefined]);
    }
  });

  it('[AZ26] with prompt=none is answered at the service: login_required with state and iss, signed in or not', async () => {
    for (const cookies of [{}, cookiesOf(alice)]) {
      const written = await writesDuring(async () => {
        const { status, headers } = await send(ask({ prompt: 'none' }), { ...frame, ...cookies });
        const location = new URL(headers.location ?? '');
        expect([status, location.href.startsWith(`${web.registration.redirectUri}?`)]).toEqual([303, true]);
        expect(Object.fromEntries(location.searchParams)).toMatchObject({
          error: 'login_required',
          state: 'state-1',
          iss: stack.issuer,
        });
        expect(location.searchParams.has('code')).toBe(false);
      });
      expect(written).toEqual([]);
    }
  });

  it('[AZ26] with prompt=none and something wrong is told so at the service, but only once the redirect is proven', async () => {
    const wrong = await send(ask({ prompt: 'none', scope: 'unknown' }), frame);
    expect(new URL(wrong.headers.location ?? '').searchParams.get('error')).toBe('invalid_scope');
    const unproven = await send(ask({ prompt: 'none', redirect_uri: 'https://evil.test/' }), frame);
    expect([unproven.status, unproven.headers.location]).toEqual([400, undefined]);
  });
});
