import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { createPerson, type Person } from '../support/person.ts';
import { storedRows } from '../support/rows.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { sessionCookie } from './lanes.ts';
import { type Claims, type FakeProvider, isVerifierOf, startFakeProvider, tokenAnswer, unsecured } from './provider.ts';

const longestAnswerMilliseconds = 40_000;
/** Longer than what was discovered is kept. */
const discoverySeconds = 3_601;

let provider: FakeProvider;
let stack: Stack;

beforeAll(async () => {
  provider = await startFakeProvider();
  stack = await startStack({ settings: { SIGN_IN_ISSUER: provider.issuer } });
});

afterAll(async () => {
  await stack.stop();
  await provider.stop();
});

const newPerson = (): Person =>
  createPerson({ login: '', issuer: stack.issuer, providerIssuer: 'http://nowhere.invalid' });

/** Begins a sign-in; gives the request that the browser would bring to the provider. */
const begun = async (person: Person): Promise<URLSearchParams> => {
  const response = await person.send(`${stack.issuer}/authorizations`);
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '').searchParams;
};

const callback = (person: Person, query: Readonly<Record<string, string>>): Promise<Answer> =>
  answerOf(person.send(`${stack.issuer}/sign-in/callback?${new URLSearchParams(query)}`));

const expectPage = (answer: Answer, person: Person, statuses: readonly number[]): void => {
  expect(statuses).toContain(answer.status);
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  expect(answer.headers.get('location')).toBe(null);
  expect(sessionCookie(person)).toBe(undefined);
  if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
};

describe('a sign-in provider that is away, slow or lying', () => {
  it('gives a session for the truth, proven with the verifier of this very sign-in', async () => {
    const person = newPerson();
    const request = await begun(person);
    let isProven = false;
    provider.answer = async (form) => {
      isProven = isVerifierOf(request, form);
      return tokenAnswer(await provider.sign(provider.truth(request)));
    };
    const answer = await callback(person, { code: 'c', state: request.get('state') ?? '' });
    expect([answer.status, isProven]).toEqual([303, true]);
    expect((await person.send(`${stack.issuer}/authorizations`)).status).toBe(200);
  });

  const lies: readonly { readonly lie: string; readonly tell: (truth: Claims) => Promise<string> }[] = [
    { lie: 'a nonce of another sign-in', tell: (truth) => provider.sign({ ...truth, nonce: 'another' }) },
    { lie: 'no nonce', tell: ({ nonce: _, ...truth }) => provider.sign(truth) },
    { lie: 'another issuer', tell: (truth) => provider.sign({ ...truth, iss: 'https://evil.example' }) },
    { lie: 'another audience', tell: (truth) => provider.sign({ ...truth, aud: 'another-client' }) },
    { lie: 'an expired token', tell: (truth) => provider.sign({ ...truth, exp: Number(truth.iat) - 600 }) },
    { lie: "a stranger's signature", tell: (truth) => provider.sign(truth, provider.strangersKey) },
    { lie: 'no signature', tell: async (truth) => unsecured(truth) },
    { lie: 'nobody', tell: ({ oid: _, ...truth }) => provider.sign(truth) },
    { lie: 'a person without a name of type string', tell: (truth) => provider.sign({ ...truth, oid: 7 }) },
    // OpenID Connect Core §2.
    {
      lie: 'a person with a name of 256 characters',
      tell: (truth) => provider.sign({ ...truth, oid: 'x'.repeat(256) }),
    },
    { lie: 'no JWT', tell: async () => 'garbage' },
  ];

  it.each(lies)('answers $lie with a page and no session', async ({ tell }) => {
    const person = newPerson();
    const request = await begun(person);
    provider.answer = async () => tokenAnswer(await tell(provider.truth(request)));
    const answer = await callback(person, { code: 'c', state: request.get('state') ?? '' });
    expectPage(answer, person, [400]);
  });

  it('remembers of the roles the texts, as many as fit into a token, and whole ones only', async () => {
    const person = newPerson();
    const request = await begun(person);
    const long = Array.from({ length: 50 }, (_, index) => `role-${index}-${'x'.repeat(92)}`);
    const claims = {
      ...provider.truth(request),
      oid: 'object-of-many-roles',
      roles: [7, null, 'author', '\ud800', ...long],
    };
    provider.answer = async () => tokenAnswer(await provider.sign(claims));
    expect((await callback(person, { code: 'c', state: request.get('state') ?? '' })).status).toBe(303);
    const partition = userKeyOf(provider.issuer, 'object-of-many-roles').toString('hex');
    const session = (await storedRows(stack, 'users', partition)).find(({ RowKey }) => RowKey.startsWith('session:'));
    const { roles } = JSON.parse(String(session?.person)) as { roles: readonly string[] };
    expect(roles).toEqual(['author', ...long.slice(0, roles.length - 1)]);
    expect(roles.join('').length).toBeLessThanOrEqual(2_000);
    expect(roles.length).toBeGreaterThan(15);
  });

  it.each([
    { what: '500', status: 500, body: '{}', page: 503 },
    { what: '503 in HTML', status: 503, body: '<h1>busy</h1>', page: 503 },
    { what: '200 that is no JSON', status: 200, body: 'welcome', page: 503 },
    { what: '200 without an ID token', status: 200, body: '{"access_token":"a","token_type":"Bearer"}', page: 400 },
    { what: 'a refusal', status: 400, body: '{"error":"invalid_grant"}', page: 400 },
  ])('answers $what of the token endpoint with a page ($page) and no session', async ({ status, body, page }) => {
    const person = newPerson();
    const request = await begun(person);
    provider.answer = async () => ({ status, body });
    expectPage(await callback(person, { code: 'c', state: request.get('state') ?? '' }), person, [page]);
  });

  it('answers a refusal in the callback with a page and no session', async () => {
    const person = newPerson();
    const request = await begun(person);
    const answer = await callback(person, { error: 'access_denied', state: request.get('state') ?? '' });
    expectPage(answer, person, [400]);
  });

  it('does not wait long for a provider that does not answer', async () => {
    const person = newPerson();
    const request = await begun(person);
    provider.answer = async () => undefined;
    const startedAt = performance.now();
    expectPage(await callback(person, { code: 'c', state: request.get('state') ?? '' }), person, [503]);
    expect(performance.now() - startedAt).toBeLessThan(longestAnswerMilliseconds);
  });

  it('says so while the provider is away, and signs people in when it is back', async () => {
    const port = Number(new URL(provider.issuer).port);
    await provider.stop();
    await stack.clock.move(discoverySeconds);
    const person = newPerson();
    expectPage(await answerOf(person.send(`${stack.issuer}/authorizations`)), person, [503]);
    expect((await answerOf(fetch(`${stack.issuer}/readyz`))).body).toMatchObject({
      dependencies: { storage: 'ready', signing: 'ready', 'sign-in': 'not available' },
    });
    provider = await startFakeProvider(port);
    expect((await begun(person)).get('client_id')).toBe('assent');
  });
});
