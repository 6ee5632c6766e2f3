/** For how long an answer may be kept by its own word. */
import { expect, it } from 'vitest';
import { keptSecondsOf } from '../../src/outbound/freshness.ts';

const bounds = { least: 60, most: 86_400, usual: 600 };

it.each([
  [{}, 600],
  [{ 'cache-control': 'max-age=300' }, 300],
  [{ 'cache-control': 'public, Max-Age=300, immutable' }, 300],
  [{ 'cache-control': 'max-age=300', age: '100' }, 200],
  [{ 'cache-control': 'max-age=300', age: '400' }, 60],
  [{ 'cache-control': 'max-age=1' }, 60],
  [{ 'cache-control': 'max-age=9999999999' }, 86_400],
  [{ 'cache-control': 'max-age=-5' }, 600],
  [{ 'cache-control': 'no-store' }, 60],
  [{ 'cache-control': 'no-cache, max-age=300' }, 60],
  [{ 'cache-control': 'what=ever' }, 600],
  [{ date: 'Thu, 26 Nov 2026 10:00:00 GMT', expires: 'Thu, 26 Nov 2026 10:10:00 GMT' }, 600],
  [{ date: 'Thu, 26 Nov 2026 10:00:00 GMT', expires: '0' }, 60],
  [{ date: 'Thu, 26 Nov 2026 10:00:00 GMT', expires: 'Thu, 26 Nov 2026 09:00:00 GMT' }, 60],
])('%j is kept for %d seconds', (headers, seconds) => {
  expect(keptSecondsOf(headers, bounds)).toBe(seconds);
});
