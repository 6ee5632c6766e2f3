/** Instants and spans in what operators read of rules, in English as all of that is. */

let instants: Intl.DateTimeFormat | undefined;

/** "21 November 2026 at 18:30 UTC"; epoch seconds. */
export const instantText = (at: number): string => {
  // Making one takes longer than all the rest.
  instants ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${instants.format(at * 1000)} UTC`;
};

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "30 days", "1 day and 12 hours". */
export const spanText = (seconds: number): string => {
  let left = Math.max(0, Math.floor(seconds));
  const parts = units.flatMap(([unit, unitSeconds]) => {
    const count = Math.floor(left / unitSeconds);
    left -= count * unitSeconds;
    return count === 0 ? [] : [counted(count, unit, `${unit}s`)];
  });
  if (parts.length < 2) return parts[0] ?? '0 seconds';
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
};

/** "1 person", "1,204 people" */
const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
