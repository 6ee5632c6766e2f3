/** Sign-ins without PKCE (OAuth 2.1 §7.5.1), and why nobody can take it away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
let native: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ web, native } = demoServices(stack.issuer));
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const without = { code_challenge: undefined, code_challenge_method: undefined } as const;
type Parameters = Readonly<Record<string, string | undefined>>;

const answerTo = async (service: Service, parameters: Parameters): Promise<URLSearchParams> =>
  (await alice.authorize(service.authorization({ scope: 'openid', ...without, ...parameters }).url)).searchParams;

const codeWithout = async (parameters: Parameters = { nonce: 'n' }): Promise<string> =>
  (await answerTo(web, parameters)).get('code') ?? '';

const redeem = (code: string, more: Readonly<Record<string, string>> = {}) =>
  web.token({ grant_type: 'authorization_code', code, ...more });

describe('a sign-in without PKCE', () => {
  it('[PK12] is for a client with a secret that sends a nonce', async () => {
    const tokens = await okJson<TokenSet>(redeem(await codeWithout()));
    expect(tokens.id_token).toBeTypeOf('string');
  });

  it.each<[string, () => Service, Parameters]>([
    ['without a nonce', () => web, {}],
    ['without openid', () => web, { scope: 'vso.work', nonce: 'n' }],
    ['by a client without a secret', () => native, { nonce: 'n' }],
    ['with a method and no challenge', () => web, { nonce: 'n', code_challenge_method: 'S256' }],
  ])('[PK12] is refused %s', async (_name, service, parameters) => {
    const answer = await answerTo(service(), parameters);
    expect([answer.get('error'), answer.get('code')]).toEqual(['invalid_request', null]);
  });

  it('[PK12] is for a client without a nonce only where an operator has said so, and for nothing but sign-ins', async () => {
    const old = await register(stack.issuer, { scope: 'vso.work', assent_require_pkce: false });
    expect((await answerTo(old, {})).get('code')).toBeTypeOf('string');
    expect((await answerTo(old, { scope: 'vso.work' })).get('error')).toBe('invalid_request');
  });

  it('[PK12] takes no verifier, and a code with a challenge takes nothing less', async () => {
    const refused = await refusalOf(redeem(await codeWithout(), { code_verifier: 'v'.repeat(43) }));
    expect(refused).toEqual({ status: 400, error: 'invalid_grant' });
    const { code } = await web.code(alice, { scope: 'openid', nonce: 'n' });
    expect(await refusalOf(redeem(code))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[PK12] has its tokens end when its code comes a second time', async () => {
    const code = await codeWithout();
    const tokens = await okJson<TokenSet>(redeem(code));
    expect((await refusalOf(redeem(code))).error).toBe('invalid_grant');
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await fetch(`${stack.issuer}/userinfo`, { headers })).status).toBe(401);
  });
});
