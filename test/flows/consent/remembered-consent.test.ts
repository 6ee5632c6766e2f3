/** Remembered consent answers no longer, and for no more, than the page said. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import { okJson, refusalOf, register, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
const daySeconds = 86_400;

beforeAll(async () => {
  stack = await startStack({
    settings: {
      REFRESH_IDLE_SECONDS: String(10 * daySeconds),
      REFRESH_ABSOLUTE_SECONDS: String(20 * daySeconds),
      SESSION_IDLE_SECONDS: String(30 * daySeconds),
      SESSION_ABSOLUTE_SECONDS: String(60 * daySeconds),
    },
  });
});

afterAll(() => stack.stop());

describe('remembered consent', () => {
  it('ends when the approval does, however often the service came back, and no token outlives it', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    await service.tokens(alice);
    await stack.clock.move(9 * daySeconds);
    await service.tokens(alice);
    await stack.clock.move(9 * daySeconds);
    const { refresh_token: late } = await service.tokens(alice);
    expect(await okJson<TokenSet>(service.refresh(late))).toHaveProperty('refresh_token');
    await stack.clock.move(2 * daySeconds + 1);
    expect(await refusalOf(service.refresh(late))).toEqual({ status: 400, error: 'invalid_grant' });
    await approvalPageOf(alice, service.authorization().url);
  });

  it('ends without use when the page said so', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    await service.tokens(alice);
    await stack.clock.move(10 * daySeconds + 1);
    await approvalPageOf(alice, service.authorization().url);
  });

  it('holds for the hosts that the person was shown, and asks for another one of the same service', async () => {
    const alice = await signedInAt(stack);
    const [first, second] = ['https://one.fabrikam.example/cb', 'https://two.fabrikam.example/cb'];
    const service = await register(stack.issuer, { redirect_uris: [first, second] });
    await service.code(alice, { redirect_uri: first });
    expect((await alice.visit(service.authorization({ redirect_uri: first }).url)).kind).toBe('departure');
    const page = await approvalPageOf(alice, service.authorization({ redirect_uri: second }).url);
    expect(page.html).toContain('two.fabrikam.example');
    await service.code(alice, { redirect_uri: second });
    for (const redirect_uri of [first, second])
      expect((await alice.visit(service.authorization({ redirect_uri }).url)).kind).toBe('departure');
  });
});
