/** RFC 9700 §4.7, RFC 6749 §10.12: the way through the sign-in provider and back, and the session that it gives. */
import { randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, sessionOf, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
  web = demoServices(stack.issuer).web;
});

afterAll(() => stack.stop());

const ask = (changes: Readonly<Record<string, string>> = {}): string =>
  web.authorization({ state: 'state-1', ...changes }).url;

/** Signs in at the provider and stops at the address that leads back to us. */
const callbackOf = async (person: Person, from = '/sign-in'): Promise<URL> => {
  let url = await redirectOf(new URL(from, stack.issuer), person);
  for (let hop = 0; hop < 10; hop++) {
    if (url.pathname === '/sign-in/callback') return url;
    const response = await person.send(url);
    const location = response.headers.get('location');
    const body = new URLSearchParams({ login: person.login, password: 'any' });
    const next = location ?? (await person.send(url, { method: 'POST', body })).headers.get('location');
    url = new URL(next ?? '', url);
  }
  throw new Error('the provider never sent the browser back');
};

const transactionsOf = (person: Person): readonly string[] =>
  [...(person.cookies.get('localhost')?.keys() ?? [])].filter((name) => name.startsWith('assent-signin-'));

/** What they add to every request of this browser. */
const transactionBytesOf = (person: Person): number =>
  transactionsOf(person)
    .map((name) => `${name}=${person.cookies.get('localhost')?.get(name)}; `.length)
    .reduce((sum, length) => sum + length, 0);

/** Hosts take some 16 or 32 KB of headers. */
const cookiesLimitBytes = 10_240;

const expectPage = async (response: Response): Promise<string> => {
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  expect(response.headers.getSetCookie().some((line) => /^(__Host-|assent-)session=/.test(line))).toBe(false);
  return response.text();
};

describe('the way back from the sign-in provider', () => {
  it('[CO07] leads nowhere in a browser that did not begin the sign-in', async () => {
    const [alice, thief, bob] = [personAt(stack), personAt(stack, 'bob'), await signedInAt(stack, 'bob')];
    const callback = await callbackOf(alice);
    expect(await expectPage(await thief.send(callback))).toContain('not begun here');
    const session = sessionOf(bob);
    await callbackOf(bob);
    await expectPage(await bob.send(callback));
    expect(sessionOf(bob)).toBe(session);
    const entered = await alice.send(callback);
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/authorizations']);
  });

  it('works once: not again, and not with the cookie of the first time either', async () => {
    const alice = personAt(stack);
    const callback = await callbackOf(alice);
    const [name = ''] = transactionsOf(alice);
    const cookie = alice.cookies.get('localhost')?.get(name) ?? '';
    expect((await alice.send(callback)).status).toBe(303);
    expect(transactionsOf(alice)).toEqual([]);
    await expectPage(await alice.send(callback));
    alice.cookies.get('localhost')?.set(name, cookie);
    expect(await expectPage(await alice.send(callback))).toContain('You are not signed in');
  });

  it('is open for ten minutes', async () => {
    const alice = personAt(stack);
    const callback = await callbackOf(alice);
    await stack.clock.move(601);
    expect(await expectPage(await alice.send(callback))).toContain('not begun here');
    await stack.clock.reset();
  });

  const changes: readonly [string, string, string | undefined][] = [
    ['another state', 'state', 'x'.repeat(32)],
    ['no state', 'state', undefined],
    ['an empty state', 'state', ''],
    ['another code', 'code', 'x'.repeat(43)],
    ['no code', 'code', undefined],
    ['another issuer', 'iss', 'https://evil.test'],
  ];

  it.each(changes)('is refused with %s', async (_name, parameter, value) => {
    const alice = personAt(stack);
    const callback = await callbackOf(alice);
    if (value === undefined) callback.searchParams.delete(parameter);
    else callback.searchParams.set(parameter, value);
    await expectPage(await alice.send(callback));
  });

  it.each(['', 'x', '!!!', 'e30', Buffer.alloc(4_000).toString('base64url')])(
    'is refused with a broken cookie: %j',
    async (value) => {
      const alice = personAt(stack);
      const callback = await callbackOf(alice);
      const [name = ''] = transactionsOf(alice);
      alice.cookies.get('localhost')?.set(name, value);
      await expectPage(await alice.send(callback));
    },
  );

  it('is refused when the person has written the cookie themselves, to look as if they had just signed in', async () => {
    const alice = personAt(stack);
    const callback = await callbackOf(alice);
    const jar = alice.cookies.get('localhost') ?? new Map<string, string>();
    const [name = ''] = transactionsOf(alice);
    const [value = '', startedAt, mac] = (jar.get(name) ?? '').split('.');
    const transaction = JSON.parse(inflateRawSync(Buffer.from(value, 'base64url')).toString());
    expect(transaction.state).toBe(callback.searchParams.get('state'));
    const forged = deflateRawSync(JSON.stringify({ ...transaction, startedAt: 0 })).toString('base64url');
    for (const cookie of [forged, `${forged}.`, `${forged}.${startedAt}.${mac}`]) {
      jar.set(name, cookie);
      expect(await expectPage(await alice.send(callback))).toContain('not begun here');
    }
  });

  it('ends in a page, not at the service, when the person gave up at the provider', async () => {
    const alice = personAt(stack);
    const callback = await callbackOf(alice, ask());
    for (const parameter of ['code', 'iss']) callback.searchParams.delete(parameter);
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('iss', stack.provider.issuer);
    const text = await expectPage(await alice.send(callback));
    expect(text).toContain('You are not signed in');
    expect(text).toContain('href="/authorize?');
  });

  it('works in several tabs at once, and does not let a page flood the browser with cookies', async () => {
    const alice = personAt(stack);
    const callbacks = [await callbackOf(alice), await callbackOf(alice, ask()), await callbackOf(alice)];
    expect(transactionsOf(alice)).toHaveLength(3);
    const locations = [];
    for (const callback of callbacks) locations.push((await alice.send(callback)).headers.get('location') ?? '');
    expect(locations.map((location) => location.split('?')[0])).toEqual([
      '/authorizations',
      '/authorize',
      '/authorizations',
    ]);
    for (let count = 0; count < 40; count++) {
      await alice.send(`${stack.issuer}/sign-in`);
      expect(transactionBytesOf(alice)).toBeLessThan(cookiesLimitBytes);
    }
    expect(transactionsOf(alice).length).toBeLessThan(35);
  });

  it('drops the oldest sign-in when long requests come in many tabs, and the two newest still come back', async () => {
    const alice = personAt(stack);
    const longAsk = () => ask({ state: randomBytes(2_250).toString('base64url') });
    const counts: number[] = [];
    for (let count = 0; count < 6; count++) {
      await redirectOf(longAsk(), alice);
      expect(transactionBytesOf(alice)).toBeLessThan(cookiesLimitBytes);
      counts.push(transactionsOf(alice).length);
      await stack.clock.move(1);
    }
    expect(counts).toEqual([1, 2, 2, 2, 2, 2]);
    const callbacks = [await callbackOf(alice, longAsk()), await callbackOf(alice, longAsk())];
    for (const callback of callbacks) {
      const entered = await alice.send(callback);
      expect([entered.status, entered.headers.get('location')?.split('?')[0]]).toEqual([303, '/authorize']);
    }
  });

  it('[AZ08] brings the service’s request back as it was', async () => {
    const state = randomBytes(1_000).toString('base64');
    const page = await approvalPageOf(personAt(stack), ask({ state, nonce: 'n&1=+%2B' }));
    const fields = new Map(
      formsIn(page.html)
        .find(({ action }) => action === '/consent')
        ?.fields.map(({ name, value }) => [name, value]),
    );
    expect([fields.get('state'), fields.get('nonce')]).toEqual([state, 'n&1=+%2B']);
  });

  it('takes no request that is too long to remember, and says so to the service', async () => {
    const state = randomBytes(2_600).toString('base64url');
    const answer = await redirectOf(ask({ state }));
    expect(answer.searchParams.get('error')).toBe('invalid_request');
    expect(answer.searchParams.get('state')).toBe(state);
  });
});

describe('the session cookie', () => {
  it('[CO16] is new at each sign-in, and the one before is worth nothing afterwards', async () => {
    const alice = personAt(stack);
    const planted = Buffer.alloc(96, 7).toString('base64url');
    alice.cookies.set('localhost', new Map([['assent-session', planted]]));
    await alice.visit(`${stack.issuer}/sign-in`);
    const first = sessionOf(alice) ?? '';
    expect(first).not.toBe(planted);
    await alice.visit(`${stack.issuer}/sign-in`);
    const second = sessionOf(alice);
    expect(second).not.toBe(first);
    for (const [value, isAlive] of [
      [planted, false],
      [first, false],
      [second, true],
    ] as const) {
      const response = await fetch(`${stack.issuer}/authorizations`, {
        headers: { cookie: `assent-session=${value}` },
        redirect: 'manual',
      });
      expect([value, response.status]).toEqual([value, isAlive ? 200 : 303]);
    }
  });

  it('[CO16] is out of reach of scripts, Lax, for the whole host, small and random', async () => {
    const alice = personAt(stack);
    const lines = (await alice.send(await callbackOf(alice))).headers.getSetCookie();
    const [session = '', ...others] = lines.filter((line) => line.startsWith('assent-session='));
    expect(others).toEqual([]);
    const [value = '', ...attributes] = session.split(';').map((part) => part.trim().toLowerCase());
    expect(attributes.filter((one) => !/^(expires|max-age)=/.test(one)).sort()).toEqual([
      'httponly',
      'path=/',
      'samesite=lax',
    ]);
    expect(attributes).toContain('max-age=86400');
    expect(Buffer.from(value.slice('assent-session='.length), 'base64url')).toHaveLength(96);
    for (const line of lines) expect(line.length).toBeLessThan(4_096);
    const one = Buffer.from(sessionOf(alice) ?? '', 'base64url').subarray(32);
    const other = Buffer.from(sessionOf(await signedInAt(stack)) ?? '', 'base64url').subarray(32);
    expect(one.equals(other)).toBe(false);
  });

  it('is dead after signing out, a copy of it too; and only our own page signs out', async () => {
    const alice = await signedInAt(stack);
    const copy = sessionOf(alice);
    const page = (await alice.visit(`${stack.issuer}/sign-out`)) as Page;
    const form = formsIn(page.html).find(({ action }) => action === '/sign-out');
    const body = new URLSearchParams(form?.fields.map(({ name, value }) => [name, value] as [string, string]));
    const leave = (fields: URLSearchParams, headers: Record<string, string> = {}) =>
      alice.send(`${stack.issuer}/sign-out`, { method: 'POST', body: fields, headers });
    expect((await leave(body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await leave(body, { origin: 'https://evil.test' })).status).toBe(403);
    expect((await leave(new URLSearchParams({ token: 'x' }))).status).toBe(403);
    expect(sessionOf(alice)).toBe(copy);
    expect((await leave(body)).status).toBe(200);
    expect(sessionOf(alice)).toBeUndefined();
    const again = await fetch(`${stack.issuer}/authorizations`, {
      headers: { cookie: `assent-session=${copy}` },
      redirect: 'manual',
    });
    expect(again.status).toBe(303);
  });
});
