/** Instants and spans in fixed, readable English. Instants are epoch seconds. */
import { type Html, html } from './html.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const formatInstant = (at: number): string => {
  const date = new Date(at * 1000);
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day}, ${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())} UTC`;
};

const machineTime = (at: number): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

/** "21 November 2026, 18:30 UTC" */
export const instant = (at: number): Html => html`<time datetime="${machineTime(at)}">${formatInstant(at)}</time>`;

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** "2 hours ago"; clocks of two machines differ, so an instant slightly ahead is "just now" too. */
export const timeAgo = (at: number, now: number): string => {
  const passedSeconds = now - at;
  for (const [unit, unitSeconds] of units) {
    if (passedSeconds >= unitSeconds) return `${plural(Math.floor(passedSeconds / unitSeconds), unit)} ago`;
  }
  return 'just now';
};

/** Units that every span has a whole number of: "a month" is not always as long. */
const exactUnits = [...units.filter(([unit]) => unit !== 'year' && unit !== 'month'), ['second', 1]] as const;

/** "90 days", "1 day and 12 hours": all of it, since a promise that is rounded up is broken. Under a second is "0 seconds". */
export const span = (seconds: number): string => {
  let left = Math.floor(seconds);
  const parts = exactUnits.flatMap(([unit, unitSeconds]) => {
    const count = Math.floor(left / unitSeconds);
    left -= count * unitSeconds;
    return count === 0 ? [] : [plural(count, unit)];
  });
  const last = parts.pop() ?? plural(0, 'second');
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
};

/** "3 services" */
export const countOf = plural;
