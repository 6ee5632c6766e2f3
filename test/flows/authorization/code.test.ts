/** OAuth 2.1 §4.1.2: the authorization response, who gets a code, and for how long it is worth something. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, redirectOf } from '../../support/answer.ts';
import { expectAnswerAt, expectErrorPage } from '../../support/expectations.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, okJson, refusalOf, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
/** Signed in, and has approved demo-web: further requests of it are answered in silence. */
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  web = demoServices(stack.issuer).web;
  alice = await signedInAt(stack);
  await web.code(alice, { scope: 'vso.work vso.code vso.build' });
});

afterAll(() => stack.stop());

type Changes = Readonly<Record<string, string | undefined>>;

const ask = (changes: Changes = {}): string => web.authorization({ state: 'state-1', ...changes }).url;

const expectAnswer = (answer: URL, expected: Readonly<Record<string, string>>): void =>
  expectAnswerAt(answer, { redirectUri: web.registration.redirectUri, issuer: stack.issuer, with: expected });

describe('state (OAuth 2.1 §4.1.2)', () => {
  const states = [
    'plain',
    'a b+c',
    '%2B',
    '+',
    'a&b=c',
    'https://x.example/?a=1#b',
    '💥 ünïcödé',
    '\u05e9\u05dc\u05d5\u05dd \u202eabc',
    '"><script>alert(1)</script>',
    '{{7*7}}',
  ];

  it.each(states)('[AZ08] comes back as it was: %j', (state) => expectEcho(state));

  it('[AZ08] comes back whole, however long an address may be', () => expectEcho('x'.repeat(2_000)));

  const expectEcho = async (state: string): Promise<void> => {
    expect((await redirectOf(ask({ state }), alice)).searchParams.getAll('state')).toEqual([state]);
    expect((await redirectOf(ask({ state, scope: 'unknown' }))).searchParams.getAll('state')).toEqual([state]);
    const page = (await alice.visit(ask({ state, prompt: 'consent' }))) as Page;
    const end = await alice.decide(page, { decision: 'deny' });
    expect(end.kind === 'departure' && end.location.searchParams.getAll('state')).toEqual([state]);
  };

  it.each(['a\u0000b', 'a\r\nLocation: https://evil.test', '\u007f'])(
    '[AZ08] with control characters is refused: %j',
    async (state) => {
      const answer = await redirectOf(ask({ state }), alice);
      expectAnswer(answer, { error: 'invalid_request' });
      expect(answer.searchParams.has('state')).toBe(false);
    },
  );
});

describe('who gets a code', () => {
  it('[AZ13] nobody who is not signed in: they are sent to the sign-in provider', async () => {
    const sessions = [
      '',
      'assent-session=',
      `assent-session=${'A'.repeat(128)}`,
      'assent-session=../../users',
      `assent-session=${Buffer.alloc(96).toString('base64url')}`,
    ];
    for (const cookie of sessions) {
      const response = await fetch(ask(), { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
      expect(response.status).toBe(303);
      const location = new URL(response.headers.get('location') ?? '');
      expect(location.origin).toBe(stack.provider.issuer);
      expect(location.searchParams.get('code_challenge_method')).toBe('S256');
      expect(location.searchParams.has('code')).toBe(false);
    }
  });

  it('[AZ14] nobody whose sign-in has begun and not ended', async () => {
    const person = personAt(stack);
    const begun = await person.send(ask());
    const interaction = await person.send(begun.headers.get('location') ?? '');
    expect(new URL(interaction.headers.get('location') ?? '', stack.provider.issuer).pathname).toMatch(
      /^\/interaction\//,
    );
    expect((await redirectOf(ask(), person)).origin).toBe(stack.provider.issuer);
  });

  const embedded: readonly [string, Record<string, string>][] = [
    ['an iframe', { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' }],
    ['a frame', { 'sec-fetch-dest': 'frame' }],
    ['an embed', { 'sec-fetch-dest': 'embed' }],
    ['an image', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }],
    ['a prefetch', { 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch' }],
    ['a prerender', { 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch;prerender' }],
    ['an old prefetch', { purpose: 'prefetch' }],
  ];

  it.each(embedded)('[AZ20] nobody in %s, although they have approved', async (_name, headers) => {
    expectAnswer(await redirectOf(ask(), alice), { state: 'state-1' });
    await expectErrorPage(await alice.send(ask(), { headers }), 403);
  });
});

describe('the code (OAuth 2.1 §4.1.2)', () => {
  it('[AZ16] is worth something for 60 seconds and no longer', async () => {
    const [young, old] = [await web.code(alice), await web.code(alice)];
    await stack.clock.move(55);
    expect((await okJson<TokenSet>(web.redeem(young))).token_type).toBe('Bearer');
    await stack.clock.move(6);
    expect(await refusalOf(web.redeem(old))).toEqual({ status: 400, error: 'invalid_grant' });
    await stack.clock.reset();
  });

  it('[AZ17] says nothing of the challenge, the client, or the person', async () => {
    const { url, verifier } = web.authorization();
    const challenge = new URL(url).searchParams.get('code_challenge') ?? '';
    const answer = await redirectOf(url, alice);
    const code = answer.searchParams.get('code') ?? '';
    expect(code).toMatch(/^assent_ac_[\w-]{150}$/);
    const bytes = Buffer.from(code.slice('assent_ac_'.length), 'base64url');
    for (const secret of [challenge, verifier, 'demo-web', 'alice', 'S256']) {
      expect(answer.href).not.toContain(secret);
      expect(bytes.includes(secret)).toBe(false);
    }
    expect(bytes.includes(Buffer.from(challenge, 'base64url'))).toBe(false);
    expect(bytes.includes(Buffer.from(verifier, 'base64url'))).toBe(false);
  });
});

describe('storage that does not answer', () => {
  it('[AZ22] ends in a page that says to try again, never in a code; and the same request works afterwards', async () => {
    const url = ask();
    stack.tableProxy.rule = ({ path }) =>
      path.startsWith('/users') || path.startsWith('/$batch') ? { kind: 'throttle' } : undefined;
    const failed = await alice.send(url);
    stack.tableProxy.rule = undefined;
    const page = await expectErrorPage(failed, 503);
    expect(failed.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(page).not.toMatch(/ServerBusy|devstoreaccount|azure/i);
    const answer = await redirectOf(url, alice);
    expectAnswer(answer, { state: 'state-1' });
    expect((await answerOf(fetch(`${stack.issuer}/healthz`))).status).toBe(200);
  });

  it('[AZ22] that loses only the write of the code gives no code either', async () => {
    stack.tableProxy.rule = ({ path }) => (path.startsWith('/$batch') ? { kind: 'throttle' } : undefined);
    const failed = await alice.send(ask());
    stack.tableProxy.rule = undefined;
    await expectErrorPage(failed, 503);
  });
});
