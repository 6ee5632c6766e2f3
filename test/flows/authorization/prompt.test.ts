import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jwtPart, redirectOf } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
});

beforeEach(async () => {
  web = await register(stack.issuer);
});

afterAll(() => stack.stop());

const ask = (changes: Readonly<Record<string, string>> = {}): string =>
  web.authorization({ state: 'state-1', ...changes }).url;

describe('prompt and max_age (OpenID Connect Core §3.1.2.1)', () => {
  const errorOf = async (person: Person, changes: Readonly<Record<string, string>>): Promise<string | null> => {
    const arrival = await person.visit(ask(changes));
    return arrival.kind === 'departure' ? arrival.location.searchParams.get('error') : 'a page';
  };

  const authTimeOf = async (person: Person, changes: Readonly<Record<string, string>>): Promise<number> => {
    const { access_token: token } = await web.tokens(person, changes);
    return Number(jwtPart(token, 'payload').auth_time);
  };

  it('passes on to the provider what the service asked for', async () => {
    const location = await redirectOf(ask({ prompt: 'login', max_age: '60', login_hint: 'bob' }));
    expect(location.origin).toBe(stack.provider.issuer);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '60',
      login_hint: 'bob',
      response_mode: 'query',
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${stack.issuer}/sign-in/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(location.searchParams.get(name)?.length).toBeGreaterThanOrEqual(32);
  });

  it('prompt=none shows nothing: login_required, consent_required, or the code', async () => {
    expect(await errorOf(personAt(stack), { prompt: 'none' })).toBe('login_required');
    const bob = await signedInAt(stack, 'bob');
    expect(await errorOf(bob, { prompt: 'none' })).toBe('consent_required');
    await web.code(bob);
    expect(await errorOf(bob, { prompt: 'none' })).toBeNull();
    expect(await errorOf(bob, { prompt: 'none', scope: 'vso.build' })).toBe('consent_required');
    expect(await errorOf(bob, { prompt: 'none', max_age: '3600' })).toBeNull();
    await stack.clock.move(30);
    expect(await errorOf(bob, { prompt: 'none', max_age: '10' })).toBe('login_required');
    await stack.clock.reset();
  });

  it('prompt=consent asks although the person has approved', async () => {
    const olga = await signedInAt(stack, 'olga');
    await web.code(olga);
    expect(await errorOf(olga, { prompt: 'consent' })).toBe('a page');
    expect(await errorOf(olga, {})).toBeNull();
  });

  it('prompt=select_account lets the person choose, although somebody is signed in', async () => {
    const person = await signedInAt(stack, 'alice');
    expect((await redirectOf(ask({ prompt: 'select_account' }), person)).searchParams.get('prompt')).toBe(
      'select_account',
    );
    person.login = 'olga';
    const page = await approvalPageOf(person, ask({ prompt: 'select_account consent' }));
    expect(page.html).toContain('olga@contoso.example');
    expect(page.html).not.toContain('alice@contoso.example');
  });

  it('prompt=login is met by a sign-in made for this very request, and by no other', async () => {
    const alice = await signedInAt(stack);
    await web.code(alice);
    await stack.clock.move(100);
    const now = Math.floor(Date.now() / 1000);
    expect(await authTimeOf(alice, {})).toBeLessThan(now - 90);
    expect(await authTimeOf(alice, { prompt: 'login' })).toBeGreaterThanOrEqual(now - 1);
    const another = await redirectOf(ask({ prompt: 'login', state: 'another' }), alice);
    expect(another.origin).toBe(stack.provider.issuer);
    await stack.clock.reset();
  });

  it('max_age is met by a sign-in that is young enough, or by a new one', async () => {
    const alice = await signedInAt(stack);
    await web.code(alice);
    await stack.clock.move(1_000);
    const now = Math.floor(Date.now() / 1000);
    expect(await authTimeOf(alice, { max_age: '2000' })).toBeLessThan(now - 990);
    expect(await authTimeOf(alice, { max_age: '500' })).toBeGreaterThanOrEqual(now - 1);
    expect(await errorOf(alice, { max_age: '0' })).toBeNull();
    await stack.clock.reset();
  });

  it.each([{ prompt: 'login' }, { max_age: '60' }, { max_age: '0' }])(
    'a provider that answers %j from its own old session is found out, and the service is told',
    async (changes) => {
      const alice = await signedInAt(stack);
      await web.code(alice);
      await stack.clock.move(600);
      stack.provider.answersFromOldSession = true;
      const url = ask(changes);
      for (const time of ['first', 'second']) {
        const arrival = await alice.visit(url);
        const error = arrival.kind === 'departure' && arrival.location.searchParams.get('error');
        expect([time, error]).toEqual([time, 'login_required']);
      }
      stack.provider.answersFromOldSession = false;
      expect(await errorOf(alice, changes)).toBeNull();
      await stack.clock.reset();
    },
  );

  it('tells the service when the person last proved who they are', async () => {
    const alice = await signedInAt(stack);
    const tokens = await okJson<TokenSet>(web.redeem(await web.code(alice)));
    expect(tokens.scope).toBe('vso.code vso.work');
    expect(Math.abs((await authTimeOf(alice, {})) - Date.now() / 1000)).toBeLessThan(60);
  });
});
