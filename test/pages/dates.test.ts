import { expect, test } from 'vitest';
import { instant, span, timeAgo } from '../../src/pages/dates.ts';
import { render } from '../../src/pages/html.ts';

test('an instant is written for people and for machines', () => {
  expect(render(instant(1_795_285_800, 'en'))).toBe(
    '<time datetime="2026-11-21T18:30:00Z">21 November 2026 at 18:30 UTC</time>',
  );
  expect(render(instant(0, 'en'))).toContain('1 January 1970 at 00:00 UTC');
});

test.each([
  [-30, 'now'],
  [59, 'now'],
  [60, '1 minute ago'],
  [2 * 3_600 + 59, '2 hours ago'],
  [86_400, '1 day ago'],
  [29 * 86_400, '29 days ago'],
  [45 * 86_400, '1 month ago'],
  [800 * 86_400, '2 years ago'],
])('%i seconds earlier is "%s"', (passedSeconds, words) => {
  expect(timeAgo(1_000_000_000 - passedSeconds, 1_000_000_000, 'en')).toBe(words);
});

test.each([
  [365 * 86_400, '365 days'],
  [86_400, '1 day'],
  [36 * 3_600, '1 day and 12 hours'],
  [20, '20 seconds'],
  [90, '1 minute and 30 seconds'],
  [86_400 + 3_600 + 60 + 1, '1 day, 1 hour, 1 minute and 1 second'],
  [0, '0 seconds'],
])('a span of %d seconds is "%s", neither more nor less', (seconds, words) => {
  expect(span(seconds, 'en')).toBe(words);
});
