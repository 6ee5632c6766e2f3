/** Functions whose modules are loaded when they are first called. */
import { expect, it } from 'vitest';
import { lazily } from '../../src/http/endpoint.ts';

it('a module is loaded once for all calls, and again after it could not be loaded', async () => {
  let loads = 0;
  const double = lazily(async () => {
    loads++;
    if (loads === 1) throw new Error('too many open files');
    return async (value: number) => value * 2;
  });
  await expect(Promise.all([double(1), double(2)])).rejects.toThrow('too many open files');
  expect(await Promise.all([double(1), double(2)])).toEqual([2, 4]);
  expect(await double(3)).toBe(6);
  expect(loads).toBe(2);
});
