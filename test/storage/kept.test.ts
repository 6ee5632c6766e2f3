import { describe, expect, it } from 'vitest';
import { createKept } from '../../src/storage/kept.ts';

const keptWith = (change: { readonly limit?: number } = {}) => {
  let now = 1_000;
  const kept = createKept<string>({ clock: () => now, limit: 3, seconds: 60, ...change });
  const pass = (seconds: number): void => {
    now += seconds;
  };
  return { kept, pass };
};

describe('copies of rows', () => {
  it('are given to one, once', () => {
    const { kept } = keptWith();
    kept.put('a', 'row');
    expect([kept.take('a'), kept.take('a')]).toEqual(['row', undefined]);
  });

  it('are replaced by newer ones', () => {
    const { kept } = keptWith();
    kept.put('a', 'older');
    kept.put('a', 'newer');
    expect(kept.take('a')).toBe('newer');
  });

  it('are of no use after their time', () => {
    const { kept, pass } = keptWith();
    kept.put('a', 'row');
    pass(59);
    kept.put('b', 'row');
    pass(1);
    expect([kept.take('a'), kept.take('b')]).toEqual([undefined, 'row']);
  });

  it('are no more than the limit: the oldest goes', () => {
    const { kept } = keptWith();
    for (const key of ['a', 'b', 'a', 'c', 'd']) kept.put(key, key);
    expect(['a', 'b', 'c', 'd'].map((key) => kept.take(key))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('are none at all with a limit of 0', () => {
    const { kept } = keptWith({ limit: 0 });
    kept.put('a', 'row');
    expect(kept.take('a')).toBeUndefined();
  });

  it('are not kept of what others write too, for as long as one would have been', () => {
    const { kept, pass } = keptWith();
    kept.put('a', 'row');
    kept.distrust('a');
    kept.put('a', 'again');
    expect(kept.take('a')).toBeUndefined();
    pass(60);
    kept.put('a', 'later');
    expect(kept.take('a')).toBe('later');
  });
});
