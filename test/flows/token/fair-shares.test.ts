import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { CLIENT_SHARE_PER_SECOND: '2' } });
});

afterAll(() => stack.stop());

describe('while Key Vault throttles', () => {
  it('a service that loops is refused what is beyond its share, and one that asks for little gets all of it', async () => {
    const { nightly } = demoServices(stack.issuer);
    const other = await register(stack.issuer, { grant_types: ['client_credentials'], redirect_uris: [] });
    const ask = (service: typeof nightly) => answerOf(service.token({ grant_type: 'client_credentials' }));
    stack.vault.faults.rule = ({ operation }) => (operation === 'sign' ? { kind: 'throttle' } : undefined);
    expect((await ask(nightly)).status).toBe(503);
    stack.vault.faults.rule = undefined;
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(nightly)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.body.error, refused?.headers.get('retry-after')]).toEqual(['temporarily_unavailable', '1']);
    expect((await ask(other)).status).toBe(200);
  });
});
