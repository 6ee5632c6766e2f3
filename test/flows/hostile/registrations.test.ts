/** Whatever is posted to /register: refused as RFC 7591 §3.2.2 has it, or a client that can be read, replaced and deleted. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileMetadata } from '../../support/hostile-metadata.ts';
import { callRegister, ownMetadata } from '../../support/registration.ts';
import { listAt } from '../../support/revocations.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { SOURCE_REQUESTS_PER_SECOND: '1000000' } });
});

afterAll(() => stack.stop());

const codes = [
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'unapproved_software_statement',
  'invalid_software_statement',
];

it('[RG02] whatever is registered is refused, or can be read, replaced by itself and deleted without a trace', async () => {
  await fc.assert(
    fc.asyncProperty(hostileMetadata(ownMetadata), async (body) => {
      const { status, body: told, text } = await callRegister(stack.issuer, { body });
      expect([201, 400], text).toContain(status);
      if (status === 400) expect(codes).toContain(told.error);
      if (status === 400) return;
      const [path, token] = [`/${told.client_id}`, String(told.registration_access_token)];
      const { client_secret: _, client_secret_expires_at: __, ...again } = told;
      const replaced = await callRegister(stack.issuer, { method: 'PUT', path, token, body: again });
      expect([replaced.status, replaced.body], text).toEqual([200, expect.objectContaining(again)]);
      const less = { ...again, scope: 'vso.work' };
      expect((await callRegister(stack.issuer, { method: 'PUT', path, token, body: less })).status).toBe(200);
      expect((await callRegister(stack.issuer, { method: 'DELETE', path, token })).status).toBe(204);
    }),
    { numRuns: Number(process.env.FUZZ_CASES ?? 200), endOnFailure: true },
  );
  expect((await listAt(stack.issuer)).not_before.client_id).toEqual({});
}, 3_600_000);
