import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHostProcess } from '../../local/processes.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { personAt } from '../support/people.ts';
import { createService, demoServices } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const longestAnswerMilliseconds = 40_000;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

describe('[ER05] a managed identity endpoint that accepts and never answers', () => {
  it('costs a cold host no more than some 503 with Retry-After in bounded time, and it recovers alone', async () => {
    const { issuer, identity } = stack;
    const port = stack.ports.api;
    const origin = `http://localhost:${port}`;
    const { web } = demoServices(issuer);
    const person = personAt(stack);
    const { refresh_token: refreshToken } = await web.tokens(person);
    const code = await web.code(person);

    identity.faults.isHanging = true;
    const host = await startHostProcess({ port, settings: stack.settings, print: false });
    try {
      const cold = createService(issuer, web.registration, origin);
      const { nightly } = demoServices(issuer, origin);
      const requests: Readonly<Record<string, () => Promise<Response>>> = {
        redeem: () => cold.redeem(code),
        refresh: () => cold.refresh(refreshToken),
        clientCredentials: () => nightly.token({ grant_type: 'client_credentials' }),
        ready: () => fetch(`${origin}/readyz`),
      };
      const all = (): Promise<readonly (readonly [string, Answer])[]> =>
        Promise.all(Object.entries(requests).map(async ([name, send]) => [name, await answerOf(send())] as const));

      const startedAt = performance.now();
      const refused = await all();
      expect(performance.now() - startedAt).toBeLessThan(longestAnswerMilliseconds);
      expect(refused.map(([name, { status }]) => [name, status])).toEqual(
        Object.keys(requests).map((name) => [name, 503]),
      );
      for (const [, { headers }] of refused) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(refused.at(-1)?.[1].body).toMatchObject({
        dependencies: { storage: 'not available', signing: 'not available' },
      });
      expect(identity.faults.hanging).toBeGreaterThan(0);
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);

      identity.faults.isHanging = false;
      const answered = await all();
      expect(answered.map(([name, { status }]) => [name, status])).toEqual(
        Object.keys(requests).map((name) => [name, 200]),
      );
    } finally {
      identity.faults.isHanging = false;
      await host.stop('SIGKILL', 0);
    }
  });
});
