/** NCRONTAB schedules of timer functions: six fields from seconds to weekday; `*`, numbers, ranges, lists and steps. UTC. */

const fields = [
  { name: 'second', lowest: 0, highest: 59 },
  { name: 'minute', lowest: 0, highest: 59 },
  { name: 'hour', lowest: 0, highest: 23 },
  { name: 'day', lowest: 1, highest: 31 },
  { name: 'month', lowest: 1, highest: 12 },
  { name: 'weekday', lowest: 0, highest: 6 },
] as const;

export type Schedule = {
  /** The first instant after `afterMilliseconds` (both since the epoch) that the schedule names. */
  next(afterMilliseconds: number): number;
};

/** Throws an Error that quotes the expression when it cannot be read. */
export const parseSchedule = (expression: string): Schedule => {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) throw new Error(`schedule "${expression}": needs six fields`);
  const [seconds, minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    parseField(parts[index] ?? '', field, expression),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const fitsDay = (at: Date) =>
    months.has(at.getUTCMonth() + 1) && days.has(at.getUTCDate()) && weekdays.has(at.getUTCDay());
  return {
    next: (afterMilliseconds) => {
      let at = new Date((Math.floor(afterMilliseconds / 1000) + 1) * 1000);
      const limit = at.getTime() + 5 * 366 * 86_400_000;
      while (at.getTime() < limit) {
        if (!fitsDay(at)) at = startOfNext(at, 86_400);
        else if (!hours.has(at.getUTCHours())) at = startOfNext(at, 3600);
        else if (!minutes.has(at.getUTCMinutes())) at = startOfNext(at, 60);
        else if (!seconds.has(at.getUTCSeconds())) at = startOfNext(at, 1);
        else return at.getTime();
      }
      throw new Error(`schedule "${expression}" never happens`);
    },
  };
};

const startOfNext = (at: Date, unitSeconds: number): Date => {
  const unit = unitSeconds * 1000;
  return new Date((Math.floor(at.getTime() / unit) + 1) * unit);
};

const parseField = (text: string, field: (typeof fields)[number], expression: string): Set<number> => {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === undefined) throw new Error(`schedule "${expression}": cannot read its ${field.name}`);
    const first = from === '*' ? field.lowest : Number(from);
    const last = to === undefined ? (from === '*' || step !== undefined ? field.highest : first) : Number(to);
    const by = Number(step ?? 1);
    if (first < field.lowest || last > field.highest || by < 1)
      throw new Error(`schedule "${expression}": its ${field.name} is out of range`);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
};
