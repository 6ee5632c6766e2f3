import { describe, expect, it } from 'vitest';
import { type Buckets, createBuckets } from '../../src/limits/token-bucket.ts';

const keyLimit = 20_000;

/** How many tokens in a row `key` gets now. */
const taken = (buckets: Buckets, key: string, now: number): number => {
  for (let count = 0; ; count++) if (!buckets.take(key, now)) return count;
};

describe('a token bucket', () => {
  it('gives its burst and then nothing', () => {
    const buckets = createBuckets({ perSecond: 1, burst: 3 });
    expect(taken(buckets, 'a', 100)).toBe(3);
    expect(buckets.take('a', 100)).toBe(false);
  });

  it.each([
    { perSecond: 2, seconds: 3, tokens: 6 },
    { perSecond: 0.2, seconds: 4, tokens: 0 },
    { perSecond: 0.2, seconds: 5, tokens: 1 },
    { perSecond: 2, seconds: 86_400, tokens: 10 },
  ])('refills at $perSecond a second: $tokens after $seconds s', ({ perSecond, seconds, tokens }) => {
    const buckets = createBuckets({ perSecond, burst: 10 });
    expect(taken(buckets, 'a', 100)).toBe(10);
    expect(taken(buckets, 'a', 100 + seconds)).toBe(tokens);
  });

  it('loses nothing of a token that is not whole yet to being asked', () => {
    const buckets = createBuckets({ perSecond: 0.25, burst: 1 });
    expect(taken(buckets, 'a', 100)).toBe(1);
    expect([101, 102, 103, 104].map((now) => buckets.take('a', now))).toEqual([false, false, false, true]);
  });

  it('gives nothing when the clock goes back, takes nothing away, and refills from there', () => {
    const buckets = createBuckets({ perSecond: 1, burst: 5 });
    expect(buckets.take('a', 1_000)).toBe(true);
    expect(taken(buckets, 'a', 10)).toBe(4);
    expect(taken(buckets, 'a', 12)).toBe(2);
  });
});

describe('the buckets of many callers', () => {
  const long = 'x'.repeat(100_000);

  it.each([
    { what: 'short keys', one: 'a', other: 'b' },
    { what: 'long keys that differ in the last character', one: `${long}a`, other: `${long}b` },
    { what: 'long keys that differ in the first character', one: `a${long}`, other: `b${long}` },
    { what: 'keys of different lengths', one: long, other: `${long}x` },
    { what: 'no key and a key', one: '', other: 'a' },
  ])('are apart for $what', ({ one, other }) => {
    const buckets = createBuckets({ perSecond: 1, burst: 4 });
    expect(taken(buckets, one, 100)).toBe(4);
    expect(taken(buckets, other, 100)).toBe(4);
  });

  it('are remembered for as long as they miss a token, and no longer', () => {
    const remembered = new Map<string, { tokens: number; filledAt: number }>();
    const buckets = createBuckets({ perSecond: 2, burst: 10 }, remembered);
    for (let second = 0; second < 1_000; second++)
      for (const turn of [1, 2, 3]) {
        buckets.take(`caller of second ${second}`, second);
        // Three tokens are back after a second and a half.
        expect(remembered.size).toBeLessThanOrEqual(turn === 1 ? 3 : 2);
      }
    expect(taken(buckets, 'caller of second 999', 999)).toBe(7);
    expect(taken(buckets, 'caller of second 0', 999)).toBe(10);
  });

  it('stay behind one that misses many, and go with it', () => {
    const remembered = new Map<string, { tokens: number; filledAt: number }>();
    const buckets = createBuckets({ perSecond: 1, burst: 10 }, remembered);
    expect(taken(buckets, 'empty', 100)).toBe(10);
    for (let second = 101; second < 110; second++) buckets.take(`caller of second ${second}`, second);
    expect(remembered.size).toBe(10);
    buckets.take('last', 110);
    expect(remembered.size).toBe(1);
    expect(taken(buckets, 'empty', 110)).toBe(10);
  });

  it('are as many as are set', () => {
    const buckets = createBuckets({ perSecond: 1, burst: 1, keys: 2 });
    for (const key of ['a', 'b', 'c']) buckets.take(key, 100);
    expect(['c', 'b', 'a'].map((key) => buckets.take(key, 100))).toEqual([false, false, true]);
  });

  it(`are ${keyLimit} at most: one more, and the least lately used is forgotten, which gives it a full bucket again`, () => {
    const buckets = createBuckets({ perSecond: 1, burst: 1 });
    for (let index = 0; index < keyLimit; index++) buckets.take(`key ${index}`, 100);
    // A caller that is known needs no room, and a busy one stays.
    buckets.take('key 7', 100);
    buckets.take('key 0', 100);
    buckets.take('one more', 100);
    expect(['key 1', 'key 0', 'key 7', 'one more'].map((key) => buckets.take(key, 100))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
