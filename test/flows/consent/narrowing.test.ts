/** What the person unticks is gone from everything that the service holds, and what the page shows is what it can do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const scope = 'vso.work vso.code';

/** The person is asked once more, and leaves only these ticked. */
const answerAgain = async (service: Service, permissions: readonly string[]): Promise<TokenSet> => {
  const { url, verifier } = service.authorization({ scope, prompt: 'consent' });
  const page = await approvalPageOf(alice, url);
  const arrival = await alice.decide(page, { decision: 'approve', permissions });
  if (arrival.kind === 'page') throw new Error('no redirect');
  return okJson<TokenSet>(service.redeem({ code: arrival.location.searchParams.get('code') ?? '', verifier }));
};

describe('a permission that is unticked when the service asks again', () => {
  it('is taken from the connections that there are: at the next refresh and at introspection', async () => {
    const service = await register(stack.issuer);
    const older = await service.tokens(alice, { scope });
    await answerAgain(service, ['vso.work']);
    expect(await okJson(service.introspect({ token: older.access_token }))).toMatchObject({ scope: 'vso.work' });
    const refreshed = await okJson<TokenSet>(service.refresh(older.refresh_token));
    expect([refreshed.scope, jwtPart(refreshed.access_token, 'payload').scope]).toEqual(['vso.work', 'vso.work']);
    expect(await refusalOf(service.refresh(refreshed.refresh_token, { scope: 'vso.code' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
  });

  it('is taken from a code that waits to be redeemed', async () => {
    const service = await register(stack.issuer);
    await service.tokens(alice, { scope });
    const waiting = await service.code(alice, { scope });
    await answerAgain(service, ['vso.code']);
    expect(await okJson(service.redeem(waiting))).toMatchObject({ scope: 'vso.code' });
  });

  it('ends the connection that had nothing else', async () => {
    const service = await register(stack.issuer);
    const older = await service.tokens(alice, { scope: 'vso.code' });
    await answerAgain(service, ['vso.work']);
    expect(await refusalOf(service.refresh(older.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    const { api } = demoServices(stack.issuer);
    expect(await okJson(api.introspect({ token: older.access_token }))).toEqual({ active: false });
  });

  it('is taken while the service refreshes at the same time, whoever comes first', async () => {
    const service = await register(stack.issuer);
    for (let round = 0; round < 10; round++) {
      const { refresh_token: token } = await answerAgain(service, ['vso.work', 'vso.code']);
      const [, refreshed] = await Promise.all([
        answerAgain(service, ['vso.work']),
        okJson<TokenSet>(service.refresh(token)),
      ]);
      expect(await okJson(service.refresh(refreshed.refresh_token))).toMatchObject({ scope: 'vso.work' });
    }
  });
});
