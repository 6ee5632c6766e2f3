import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../support/answer.ts';
import { type Stack, startStack } from '../support/stack.ts';

const daySeconds = 86_400;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ hosts: 2, throughProxy: true });
});

afterAll(() => stack.stop());

const tokenFrom = async (host: string): Promise<Record<string, unknown>> => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'vso.work' });
  body.set('resource', 'https://api.assent.localhost');
  const authorization = `Basic ${btoa('demo-service:demo-service-secret')}`;
  const response = await fetch(`${host}/token`, { method: 'POST', body, headers: { authorization } });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return jwtPart(token, 'payload');
};

describe('the stack', () => {
  it('has two hosts of one issuer behind one table proxy', async () => {
    for (const host of stack.hosts)
      expect(await tokenFrom(host)).toMatchObject({ iss: stack.issuer, sub: 'demo-service' });
    const reads = stack.tableProxy.requests.filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/clients('),
    );
    expect(reads).toHaveLength(2);
  });

  it('moves the clock of hosts and emulators together, past the life of their tokens', async () => {
    const [host = ''] = stack.hosts;
    const before = Date.now() / 1000;
    await stack.clock.move(3 * daySeconds);
    const issuedAt = (await tokenFrom(host)).iat;
    expect(issuedAt).toBeGreaterThan(before + 3 * daySeconds - 5);
    expect((await fetch(`${host}/readyz`)).status).toBe(200);
    await stack.clock.reset();
  });

  it('restarts a host, with other settings when told', async () => {
    await stack.restartHost(1, { ACCESS_TOKEN_SECONDS: '77' });
    const { iat, exp } = await tokenFrom(stack.hosts[1] ?? '');
    expect(Number(exp) - Number(iat)).toBe(77);
    expect(stack.hostOutput(1)).toContain('Functions host listens on');
  });
});
