/** How long a DPoP proof that was used is remembered. */
import { expect, it } from 'vitest';
import { currentNonce, isLiveNonce } from '../../src/oauth/dpop/nonce.ts';
import { spentUntil } from '../../src/oauth/dpop/proof.ts';

it('is remembered for as long as its nonce holds (RFC 9449 §11.1)', () => {
  const key = Buffer.alloc(32, 1);
  const sliceStart = 1_800_000_000;
  const nonce = currentNonce(sliceStart, key);
  expect(isLiveNonce(nonce, sliceStart + 599, key)).toBe(true);
  expect(isLiveNonce(nonce, spentUntil(sliceStart), key)).toBe(false);
});
