/** The few primitives that the rules need, over `node:crypto`. Everything stored or compared goes through here. */
import { createHmac, createSecretKey, hash, KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

export const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer');

/** One that stays should be a KeyObject: bytes become one anew at each use. */
export type Key = Uint8Array | KeyObject;

export const hmacSha256 = (key: Key, message: string | Uint8Array): Buffer =>
  // Given bytes, Node finds out by an exception that they are no key object, which takes ten times as long.
  createHmac('sha256', key instanceof KeyObject ? key : createSecretKey(key))
    .update(message)
    .digest();

export const base64url = (bytes: Uint8Array): string =>
  (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString('base64url');

/** Decodes base64url; undefined unless the text is the one canonical encoding of its bytes (RFC 4648 §3.5). */
export const fromBase64url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};

/** Compares in time that depends on the lengths only. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Source of random bytes; an argument wherever it is used, so that tests can fix it. */
export type Random = (bytes: number) => Buffer;

/** Drawn in blocks: a call into the system costs more than the bytes. What was given out is overwritten. */
const blockLength = 4_096;
let block = Buffer.alloc(0);
let given = 0;

export const systemRandom: Random = (bytes) => {
  if (bytes > blockLength / 16) return randomBytes(bytes);
  if (given + bytes > block.length) {
    block = randomBytes(blockLength);
    given = 0;
  }
  const taken = Buffer.from(block.subarray(given, given + bytes));
  block.fill(0, given, given + bytes);
  given += bytes;
  return taken;
};

/** Seconds since the epoch. An argument wherever time matters. */
export type Clock = () => number;

export const systemClock: Clock = () => Math.floor(Date.now() / 1000);
