import { describe, expect, it } from 'vitest';
import { type Signal, within, withinMilliseconds } from '../../src/limits/deadline.ts';

const never = (): Promise<never> => new Promise(() => undefined);

/** A call that says when its signal fires. */
const heeding = () => {
  const reasons: unknown[] = [];
  return {
    reasons,
    call: (signal: Signal): Promise<never> => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return never();
    },
  };
};

describe('a call with a limit', () => {
  it('gives what it gives, and throws what it throws', async () => {
    expect(await withinMilliseconds(60_000, async () => 'done')).toBe('done');
    await expect(withinMilliseconds(60_000, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  });

  it('ends when the time is over, and its signal fires, whether it heeds that or not', async () => {
    const { reasons, call } = heeding();
    await expect(withinMilliseconds(1, call)).rejects.toHaveProperty('name', 'TimeoutError');
    expect(reasons).toMatchObject([{ name: 'TimeoutError' }]);
    await expect(withinMilliseconds(1, never)).rejects.toHaveProperty('name', 'TimeoutError');
  });

  it('ends with the outer signal, for its reason', async () => {
    const outer = new AbortController();
    const { reasons, call } = heeding();
    const ended = withinMilliseconds(60_000, call, outer.signal);
    outer.abort(new RangeError('enough'));
    await expect(ended).rejects.toThrow(RangeError);
    expect(reasons).toEqual([outer.signal.reason]);
    await expect(withinMilliseconds(60_000, call, outer.signal)).rejects.toThrow(RangeError);
  });

  it('leaves its signal alone once it is over', async () => {
    let kept: Signal | undefined;
    const outer = new AbortController();
    await withinMilliseconds(1, async (signal) => (kept = signal), outer.signal);
    outer.abort();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(kept?.aborted).toBe(false);
  });
});

describe('a call with a signal', () => {
  it('gives what it gives, or ends with the signal, for its reason', async () => {
    const signal = AbortSignal.timeout(60_000);
    expect(await within(signal, async (given) => given === signal)).toBe(true);
    const controller = new AbortController();
    const ended = within(controller.signal, never);
    controller.abort(new RangeError('enough'));
    await expect(ended).rejects.toThrow(RangeError);
    await expect(within(controller.signal, async () => 'late')).rejects.toThrow(RangeError);
  });
});
