import { expect, test } from 'vitest';
import { instant, spanOfDays, timeAgo } from '../../src/pages/dates.ts';
import { render } from '../../src/pages/html.ts';

test('an instant is written for people and for machines', () => {
  expect(render(instant(1_795_285_800))).toBe(
    '<time datetime="2026-11-21T18:30:00Z">21 November 2026, 18:30 UTC</time>',
  );
  expect(render(instant(0))).toContain('1 January 1970, 00:00 UTC');
});

test.each([
  [-30, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [2 * 3_600 + 59, '2 hours ago'],
  [86_400, '1 day ago'],
  [29 * 86_400, '29 days ago'],
  [45 * 86_400, '1 month ago'],
  [800 * 86_400, '2 years ago'],
])('%i seconds earlier is "%s"', (passedSeconds, words) => {
  expect(timeAgo(1_000_000_000 - passedSeconds, 1_000_000_000)).toBe(words);
});

test.each([
  [365, '365 days'],
  [1, '1 day'],
  [0.5, '12 hours'],
  [1 / 1_440, '1 minute'],
  [0, '1 minute'],
])('a life of %d days is "%s"', (days, words) => {
  expect(spanOfDays(days)).toBe(words);
});
