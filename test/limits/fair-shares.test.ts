import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairShares, waterLevel } from '../../src/limits/fair-shares.ts';

const rate = fc.double({ min: 0, max: 1_000, noNaN: true });
const rates = fc.array(rate, { minLength: 1, maxLength: 40 });
const capacity = fc.double({ min: 0.5, max: 2_000, noNaN: true });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const allotted = (demands: readonly number[], level: number): readonly number[] =>
  demands.map((demand) => Math.min(demand, level));

describe('the level of what each may have', () => {
  it('gives out all there is and no more, unless nobody asks for it', () => {
    fc.assert(
      fc.property(rates, capacity, (demands, all) => {
        const given = sum(allotted(demands, waterLevel(demands, all)));
        expect(given).toBeCloseTo(Math.min(all, sum(demands)), 6);
      }),
    );
  });

  it('gives whoever asks for no more than an equal part all that it asks for', () => {
    fc.assert(
      fc.property(rates, capacity, (demands, all) => {
        const level = waterLevel(demands, all);
        for (const demand of demands) if (demand <= all / demands.length) expect(level).toBeGreaterThanOrEqual(demand);
      }),
    );
  });

  it('gives nobody more for asking for more, and takes from nobody what is within its equal part', () => {
    fc.assert(
      fc.property(rates, capacity, rate, ([first = 0, ...others], all, more) => {
        const [before, after] = [waterLevel([first, ...others], all), waterLevel([first + more, ...others], all)];
        // To the next double: what is left over is divided in another order.
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-9));
        if (first > before) expect(after).toBeCloseTo(before, 6);
        expect(after).toBeGreaterThanOrEqual((all / (others.length + 1)) * (1 - 1e-9));
      }),
    );
  });

  it.each([
    { demands: [], all: 10, level: Number.POSITIVE_INFINITY },
    { demands: [1, 2, 3], all: 6, level: Number.POSITIVE_INFINITY },
    { demands: [1, 2, 1_000], all: 10, level: 7 },
    { demands: [1, 50, 1_000], all: 11, level: 5 },
    { demands: [9, 9, 9], all: 9, level: 3 },
  ])('is $level for $demands of $all', ({ demands, all, level }) => {
    expect(waterLevel(demands, all)).toBe(level);
  });
});

/** What each asker was given in each of the last ten of `seconds`, when it asks evenly so often in each. */
const givenTo = (asked: readonly number[], perSecond: number | undefined, seconds = 60): readonly number[] => {
  const shares = createFairShares({ keys: 100 });
  const given = asked.map(() => 0);
  for (let now = 1_000; now < 1_000 + seconds; now += 1)
    for (const [key, times] of asked.entries())
      for (let time = 0; time < times; time += 1)
        if (shares.take(`${key}`, now, perSecond) && now >= 1_000 + seconds - 10) given[key] = (given[key] ?? 0) + 1;
  return given.map((count) => count / 10);
};

const asks = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 });

describe('shares', () => {
  it('are max-min fair, whoever asks for how much: to a tenth, and one request', () => {
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 200 }), (asked, perSecond) => {
        const given = givenTo(asked, perSecond);
        const fair = allotted(asked, waterLevel(asked, perSecond));
        for (const [key, part] of fair.entries()) {
          expect(given[key]).toBeGreaterThanOrEqual(part * 0.9 - 0.2);
          expect(given[key]).toBeLessThanOrEqual(part * 1.1 + 0.2);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leave whoever asks for little alone, beside one that asks for everything', () => {
    const [greedy, ...small] = givenTo([1_000, 1, 2, 3], 40);
    expect(small).toEqual([1, 2, 3]);
    expect(greedy).toBeCloseTo(34, 0);
  });

  it('let one have everything that nobody else asks for', () => {
    expect(givenTo([40], 40)).toEqual([40]);
    expect(givenTo([1_000, 0], undefined)).toEqual([1_000, 0]);
  });

  it('know who asked for how much from before there was too little', () => {
    const shares = createFairShares({ keys: 10 });
    for (let now = 0; now < 30; now += 1) {
      for (let time = 0; time < 100; time += 1) shares.take('greedy', now, undefined);
      shares.take('small', now, undefined);
    }
    expect(shares.take('small', 30, 6)).toBe(true);
    const got = Array.from({ length: 100 }, () => shares.take('greedy', 30, 6)).filter(Boolean);
    expect(got.length).toBeLessThanOrEqual(6);
    expect(shares.take('small', 30, 6)).toBe(true);
  });

  it('give one at a time where a share is less than one a second', () => {
    expect(sum(givenTo([50, 50, 50, 50], 1, 100))).toBeLessThan(1.5);
  });

  it('lose nothing to a clock that goes back', () => {
    const shares = createFairShares({ keys: 10 });
    expect([1_000, 10, 11, 1_001].map((now) => shares.take('one', now, 1))).toEqual([true, true, true, true]);
  });

  it('remember as many as they are told to, those who asked last', () => {
    const shares = createFairShares({ keys: 2 });
    const greedy = (now: number) =>
      Array.from({ length: 50 }, () => shares.take('greedy', now, 1)).filter(Boolean).length;
    greedy(0);
    expect(greedy(1)).toBeLessThan(5);
    for (const key of ['a', 'b']) shares.take(key, 1, 1);
    expect(greedy(1)).toBeGreaterThan(5);
  });
});
