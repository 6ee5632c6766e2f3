import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { jwksMaxAgeSeconds } from '../../src/signing/key-ring.ts';
import { accessTokenSeconds, claimsAt, createClock, signerFor, startTestVault, verifyWith } from './fixture.ts';

const day = 86_400;

describe('rotation in the middle of traffic', () => {
  test('a verifier that caches the JWKS for its max-age never sees an unknown kid', async () => {
    const clock = createClock();
    const vault = await startTestVault(clock);
    await vault.createKey('signing', { kty: 'RSA', createdAt: clock.now - day });
    const instances = Array.from({ length: 3 }, () => signerFor([vault], clock).signer);
    const at = (index: number) => instances[index % instances.length] ?? instances[0];
    let cache = { keys: (await at(0)?.publicKeys()) ?? [], readAt: clock.now };
    /** The youngest token of each kid: it lives longest. */
    const tokens = new Map<string, { jws: string; expiresAt: number }>();
    for (let step = 0; step < 200; step += 1) {
      clock.now += 29;
      if (step === 10 || step === 110) await vault.rotate('signing');
      // The second instance cannot read the list from just before the first rotation on, for as long as that may last.
      vault.faults.rule = ({ operation }) =>
        operation === 'list' && step % 3 === 1 && step > 8 && step < 38 ? { kind: 'status', status: 500 } : undefined;
      const jws = (await at(step)?.sign('JWT', claimsAt(clock.now))) ?? '';
      tokens.set(decodeProtectedHeader(jws).kid ?? '', { jws, expiresAt: clock.now + accessTokenSeconds });
      if (clock.now >= cache.readAt + jwksMaxAgeSeconds) {
        cache = { keys: (await at(step + 1)?.publicKeys()) ?? [], readAt: clock.now };
      }
      for (const live of [...tokens.values()].filter(({ expiresAt }) => clock.now < expiresAt)) {
        await verifyWith(cache.keys, live.jws, clock.now);
      }
    }
    expect(tokens.size).toBe(3);
    expect(cache.keys).toHaveLength(1);
  });
});
