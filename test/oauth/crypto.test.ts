import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacSha256, sha256, systemRandom } from '../../src/oauth/crypto.ts';

describe('the primitives', () => {
  it('are those of the standards, whatever form the key has', () => {
    const [key, message] = [Buffer.alloc(32, 7), 'message'];
    expect(sha256(message)).toEqual(createHash('sha256').update(message).digest());
    const mac = createHmac('sha256', key).update(message).digest();
    expect([hmacSha256(key, message), hmacSha256(createSecretKey(key), message)]).toEqual([mac, mac]);
  });

  it('draw random bytes that come once, never overlap, and do not change afterwards', () => {
    const drawn = Array.from({ length: 20_000 }, (_, index) => systemRandom([16, 24, 32, 300][index % 4] ?? 16));
    const kept = drawn.map((bytes) => bytes.toString('hex'));
    expect(new Set(kept.map((hex) => hex.slice(0, 32))).size).toBe(drawn.length);
    expect(drawn.map((bytes) => bytes.toString('hex'))).toEqual(kept);
    expect(new Set(drawn.map(({ length }) => length))).toEqual(new Set([16, 24, 32, 300]));
    expect(kept.filter((hex) => /(00){8}/.test(hex))).toEqual([]);
  });
});
