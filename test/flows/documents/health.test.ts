/** /healthz and /readyz: what an operator's probes see, and which dependency is to blame. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unregisteredClientId } from '../../../src/config.ts';
import { answerOf } from '../../support/answer.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
});

afterAll(() => stack.stop());

const read = (path: string) => answerOf(fetch(`${stack.issuer}${path}`));

const expectOnly = async (missing: string): Promise<void> => {
  const answer = await read('/readyz');
  const dependencies = Object.fromEntries(
    ['storage', 'signing', 'sign-in'].map((name) => [name, name === missing ? 'not available' : 'ready']),
  );
  expect([answer.status, answer.body]).toEqual([503, { ready: false, dependencies }]);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect((await read('/healthz')).status).toBe(200);
};

describe('health', () => {
  it('is alive and ready when everything answers', async () => {
    expect((await read('/healthz')).body).toEqual({ alive: true });
    const ready = await read('/readyz');
    expect([ready.status, ready.body]).toEqual([
      200,
      { ready: true, dependencies: { storage: 'ready', signing: 'ready', 'sign-in': 'ready' } },
    ]);
    expect(ready.headers.get('cache-control')).toBe('no-store');
  });

  it('names the storage when that is missing, and recovers alone', async () => {
    stack.tableProxy.rule = () => ({ kind: 'throttle' });
    await expectOnly('storage');
    stack.tableProxy.rule = undefined;
    expect((await read('/readyz')).status).toBe(200);
  });

  it('names the signing keys when those are missing for longer than an old list is good for', async () => {
    stack.vault.faults.rule = () => ({ kind: 'status', status: 403 });
    await stack.clock.move(1_000);
    await expectOnly('signing');
    stack.vault.faults.rule = undefined;
    await stack.clock.move(60);
    expect((await read('/readyz')).status).toBe(200);
    await stack.clock.reset();
  });

  it('is not ready while there is no application to sign in through, and says that waiting does not help', async () => {
    await stack.restartHost(0, { SIGN_IN_CLIENT_ID: unregisteredClientId }, 'listening');
    await vi.waitFor(async () => expect((await read('/healthz')).status).toBe(200), 60_000);
    const answer = await read('/readyz');
    expect([answer.status, answer.body]).toEqual([
      503,
      { ready: false, dependencies: { storage: 'ready', signing: 'ready', 'sign-in': 'not configured' } },
    ]);
    await stack.restartHost(0);
  });

  it('names the sign-in provider when that is missing', async () => {
    await stack.provider.stop();
    await stack.clock.move(3_601);
    await expectOnly('sign-in');
    await stack.clock.reset();
  });
});
