/** Owners hear of a secret that expires before their service stops. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administer, createService, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const linesOf = (event: string, secretId: string): number =>
  stack
    .hostOutput()
    .split('\n')
    .filter((line) => line.includes(`"${event}"`) && line.includes(secretId)).length;

it('a secret in use that ends soon is in the log once a day, and in the admin API with what to do', async () => {
  const { registration } = await register(stack.issuer, { grant_types: ['client_credentials'], redirect_uris: [] });
  const path = `apps/${registration.clientId}`;
  const added = await administer(stack.issuer, {
    method: 'POST',
    path: `${path}/secrets`,
    body: { expires_in: 4_000 },
  });
  const { id, client_secret: secret } = (await added.json()) as { id: string; client_secret: string };
  const service = createService(stack.issuer, { clientId: registration.clientId, secret });
  const ask = async () => (await service.token({ grant_type: 'client_credentials', scope: 'vso.work' })).status;
  const warnings = async () =>
    ((await (await administer(stack.issuer, { method: 'GET', path })).json()) as { assent_warnings: unknown })
      .assent_warnings;

  expect(await ask()).toBe(200);
  expect([linesOf('secret_expiring', id), await warnings()]).toEqual([0, []]);

  await stack.clock.move(3_200);
  expect([await ask(), await ask()]).toEqual([200, 200]);
  expect(linesOf('secret_expiring', id)).toBe(1);
  expect(await warnings()).toEqual([expect.stringMatching(`^secret ${id} expires .*: move the service to `)]);

  await stack.clock.move(1_000);
  expect([await ask(), await ask()]).toEqual([401, 401]);
  expect(linesOf('secret_expired', id)).toBe(1);
  expect(stack.hostOutput()).not.toContain(secret);
});
