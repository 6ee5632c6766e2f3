import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../local/host/schedule.ts';

const next = (expression: string, after: string): string =>
  new Date(parseSchedule(expression).next(Date.parse(after))).toISOString();

describe('NCRONTAB', () => {
  it.each([
    ['*/5 * * * * *', '2026-01-01T00:00:05Z', '2026-01-01T00:00:10.000Z'],
    ['0 */15 * * * *', '2026-01-01T00:14:59Z', '2026-01-01T00:15:00.000Z'],
    ['0 30 3 * * *', '2026-01-31T03:30:00Z', '2026-02-01T03:30:00.000Z'],
    ['0 0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 9,17 * * 1-5', '2026-11-20T17:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['0 0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each(['* * * * *', '60 * * * * *', '0 0 0 0 1 *', 'a * * * * *', '*/0 * * * * *'])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(expression);
  });

  it('says so when a schedule never happens', () => {
    expect(() => next('0 0 0 30 2 *', '2026-01-01T00:00:00Z')).toThrow('never happens');
  });
});
