/** What an event says has room in a row of the audit log and in a line of the log, however much was done at once. */

/** A row and a line hold no more than 32,000 characters, and an event says more than its details. */
const limit = 30_000;

/** Of each list, and of each text: what is said of the longest ones is cut first. */
const rooms = [8_000, 4_000, 2_000, 1_000, 400, 100] as const;

/** As they are where they fit. Else long lists end with how many more there are, and long texts with an ellipsis. */
export const fittingDetails = (details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const isFitting = (value: unknown): boolean => JSON.stringify(value).length <= limit;
  if (isFitting(details)) return details;
  const cut = rooms.map((room) => shortened(details, room) as typeof details);
  return cut.find(isFitting) ?? { target: details.target };
};

/** As many as have room, and how many there are beyond them. */
export const fittingList = (items: readonly unknown[], room: number): readonly unknown[] => {
  let left = room;
  const first = items.filter((one) => {
    left -= JSON.stringify(one).length + 1;
    return left > 0;
  });
  return first.length === items.length ? items : [...first, `and ${items.length - first.length} more`];
};

const shortened = (value: unknown, room: number): unknown => {
  if (typeof value === 'string') return value.length <= room ? value : `${value.slice(0, room)}…`;
  if (Array.isArray(value))
    return fittingList(
      value.map((one) => shortened(one, room)),
      room,
    );
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one, room)]));
};
