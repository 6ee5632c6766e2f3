/** RFC 7636, OAuth 2.1 §4.1.1 and §7.5: a code is worth nothing without the verifier of the request that it answers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { challengeOf, demoServices, newPkce, refusalOf, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  services = demoServices(stack.issuer);
  await services.web.code(alice);
});

afterAll(() => stack.stop());

const invalidGrant = { status: 400, error: 'invalid_grant' };

/** Where a signed-in person who has approved before is sent. */
const answerTo = (service: Service, changes: Readonly<Record<string, string | undefined>>) =>
  redirectOf(service.authorization({ state: 's', ...changes }).url, alice);

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('the challenge (RFC 7636 §4.2, §4.3)', () => {
  it('takes the example of RFC 7636 appendix B', async () => {
    const { web } = services;
    const code = (await answerTo(web, { code_challenge: challenge })).searchParams.get('code') ?? '';
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect((await web.redeem({ code, verifier })).status).toBe(200);
  });

  const refused: readonly [string, Readonly<Record<string, string | undefined>>][] = [
    ['[PK01] no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['[PK01] no challenge, but a method', { code_challenge: undefined }],
    ['[PK01] an empty challenge', { code_challenge: '' }],
    ['[PK04] no method, which would mean plain', { code_challenge_method: undefined }],
    ['[PK04] the method plain', { code_challenge_method: 'plain' }],
    ['[PK04] the method s256', { code_challenge_method: 's256' }],
    ['[PK04] the method S512', { code_challenge_method: 'S512' }],
    ['[PK04] the method none', { code_challenge_method: 'none' }],
    ['[PK04] the method S256 and a space', { code_challenge_method: 'S256 ' }],
    ['[PK04] an empty method', { code_challenge_method: '' }],
    ['[PK05] 42 characters', { code_challenge: challenge.slice(1) }],
    ['[PK05] 44 characters', { code_challenge: `${challenge}A` }],
    ['[PK05] 129 characters', { code_challenge: 'A'.repeat(129) }],
    ['[PK05] padding', { code_challenge: `${challenge}=` }],
    ['[PK05] the alphabet of base64', { code_challenge: challenge.replace('-', '+') }],
    ['[PK05] a slash', { code_challenge: challenge.replace('-', '/') }],
    ['[PK05] a letter outside of ASCII', { code_challenge: challenge.replace('E', 'É') }],
    ['[PK05] bits that no SHA-256 has', { code_challenge: challenge.replace(/M$/, 'N') }],
    ['[PK05] hex', { code_challenge: 'ab'.repeat(32) }],
  ];

  it.each(refused)('is refused of a public client: %s', async (_name, changes) => {
    const { searchParams } = await answerTo(services.native, changes);
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')]).toEqual([
      'invalid_request',
      's',
      null,
    ]);
  });

  it.each(refused)('[PK02] is refused of a confidential client as well: %s', async (_name, changes) => {
    const { searchParams } = await answerTo(services.web, changes);
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')]).toEqual([
      'invalid_request',
      's',
      null,
    ]);
  });
});

describe('the verifier (RFC 7636 §4.5, §4.6)', () => {
  it.each(['web', 'native'] as const)(
    '[PK08] that is wrong is refused, and does not use the code up: %s',
    async (name) => {
      const service = services[name];
      const { code, verifier } = await service.code(alice);
      const wrong = [
        newPkce().verifier,
        challengeOf(verifier),
        `${verifier} `,
        ` ${verifier}`,
        verifier.slice(1),
        verifier.toUpperCase(),
        `${verifier}=`,
        `${verifier}\u00e9`,
        'a'.repeat(42),
        'a'.repeat(129),
      ];
      for (const attempt of wrong)
        expect(await refusalOf(service.redeem({ code, verifier: attempt }))).toEqual(invalidGrant);
      expect((await service.redeem({ code, verifier })).status).toBe(200);
    },
  );

  it('[PK07][PK08] that is missing or empty is refused: there is no code without a challenge to fall back to', async () => {
    const { web } = services;
    const { code, verifier } = await web.code(alice);
    expect(await refusalOf(web.redeem({ code, verifier: '' }))).toEqual(invalidGrant);
    expect(await refusalOf(web.token({ grant_type: 'authorization_code', code }))).toEqual(invalidGrant);
    const unchallenged = await answerTo(web, { code_challenge: undefined, code_challenge_method: undefined });
    expect(unchallenged.searchParams.has('code')).toBe(false);
    expect((await web.redeem({ code, verifier })).status).toBe(200);
  });

  it('[PK11] of an attacker is no use for a code from somebody else’s browser', async () => {
    const { web } = services;
    const stolen = await web.code(alice);
    const attacker = await signedInAt(stack, 'bob');
    const own = await web.code(attacker);
    expect(await refusalOf(web.redeem({ code: stolen.code, verifier: own.verifier }))).toEqual(invalidGrant);
    expect(await refusalOf(web.redeem({ code: own.code, verifier: stolen.verifier }))).toEqual(invalidGrant);
    expect((await web.redeem(stolen)).status).toBe(200);
  });

  it('[PK10] is asked for by S256 after a restart too', async () => {
    const { web } = services;
    const { code, verifier } = await web.code(alice);
    await stack.restartHost();
    expect(await refusalOf(web.redeem({ code, verifier: challengeOf(verifier) }))).toEqual(invalidGrant);
    expect((await web.redeem({ code, verifier })).status).toBe(200);
  });
});
