/**
 * Nonces for DPoP proofs (RFC 9449 §8): a slice of time and its MAC, so that every instance knows its fellows' without storing
 * any. A nonce holds until the slice after its own ends.
 */
import { base64url, equalBytes, fromBase64url, hmacSha256, type Key } from '../crypto.ts';
import { nonceSeconds } from './proof.ts';

const sliceLength = 5;
const macLength = 16;

const nonceOf = (slice: number, key: Key): Buffer => {
  const bytes = Buffer.alloc(sliceLength);
  bytes.writeUIntBE(slice, 0, sliceLength);
  return Buffer.concat([bytes, hmacSha256(key, bytes).subarray(0, macLength)]);
};

/** `now` in epoch seconds. */
export const currentNonce = (now: number, key: Key): string => base64url(nonceOf(Math.floor(now / nonceSeconds), key));

export const isLiveNonce = (nonce: string, now: number, key: Key): boolean => {
  const presented = fromBase64url(nonce);
  const slice = Math.floor(now / nonceSeconds);
  return presented !== undefined && [slice, slice - 1].some((one) => equalBytes(presented, nonceOf(one, key)));
};
