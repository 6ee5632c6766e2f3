import { describe, expect, it } from 'vitest';
import { createCapacity } from '../../src/signing/capacity.ts';

const start = (least = 1) => {
  const clock = { now: 1_000 };
  const capacity = createCapacity({ clock: () => clock.now, least });
  const second = (signatures: number): void => {
    clock.now += 1;
    for (let count = 0; count < signatures; count += 1) capacity.signed();
  };
  return { clock, capacity, second };
};

describe('what vaults have for one instance', () => {
  it('is not limited before one throttles', () => {
    const { capacity, second } = start();
    second(10_000);
    expect([capacity.perSecond(), capacity.isThrottled()]).toEqual([undefined, false]);
  });

  it('is four fifths of what they signed in the last ten seconds', () => {
    const { capacity, second } = start();
    second(5_000);
    for (let count = 0; count < 10; count += 1) second(100);
    capacity.throttled();
    expect(capacity.perSecond()).toBe(80);
  });

  it('is lowered once for each window in which they throttle, and never under the least', () => {
    const { clock, capacity, second } = start(8);
    for (let count = 0; count < 10; count += 1) second(100);
    capacity.throttled();
    for (let count = 0; count < 9; count += 1) {
      clock.now += 1;
      capacity.throttled();
    }
    expect(capacity.perSecond()).toBeGreaterThan(80);
    clock.now += 1;
    capacity.throttled();
    expect(capacity.perSecond()).toBe(8);
  });

  it('grows until they throttle again', () => {
    const { clock, capacity, second } = start();
    for (let count = 0; count < 10; count += 1) second(100);
    capacity.throttled();
    clock.now += 25;
    expect(capacity.perSecond()).toBeCloseTo(100);
  });

  it('is not limited any more when they have not throttled for a minute', () => {
    const { clock, capacity } = start();
    capacity.throttled();
    clock.now += 59;
    expect(capacity.perSecond()).toBeGreaterThan(0);
    clock.now += 1;
    expect(capacity.perSecond()).toBeUndefined();
  });

  it('survives a clock that goes back, and one that leaps', () => {
    const { clock, capacity, second } = start();
    clock.now -= 500;
    second(10);
    clock.now += 1_000_000;
    second(30);
    capacity.throttled();
    expect(capacity.perSecond()).toBeCloseTo(2.4);
  });
});
