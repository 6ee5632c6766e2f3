/** Operations on the audit log: reading it, and taking it along. */
import * as z from 'zod';
import { exportAudit, readAudit, readSeals } from '../../flows/operators/audit.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';
import { pseudonym } from './people.ts';

const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine(isDay, 'must be a day, as in 2026-11-21')
  .optional();

const days = {
  from: day.describe('The first day, as in 2026-11-21 (UTC); six days before `to` when left out.'),
  to: day.describe('The last day; today when left out.'),
};

const name = z.string().min(1).max(256).optional();

const query = pageQuery.extend({
  ...days,
  event: name.describe('The name of an event, as docs/audit.md has it.'),
  client: name.describe('The client_id of the service that it concerns.'),
  actor: name.describe('The id of whoever did it.'),
  person: pseudonym
    .optional()
    .describe('Whom it concerns, as events name people. The search goes through that person’s own events.'),
  subject: name.describe('The same by the stable claim at the sign-in provider; for Entra ID the object id.'),
  correlation: name.describe('The correlation id of the request that it came of, as answers and pages have it.'),
});

const event = z.strictObject({
  id: z.string(),
  at: epochSeconds,
  event: z.string(),
  v: z.int(),
  actor: z.strictObject({
    by: z.enum(['person', 'client', 'operator', 'auditor', 'deployment']),
    id: z.string(),
  }),
  person: z.string().optional(),
  client: z.string().optional(),
  source: z.string().optional().describe('The network that the request came from.'),
  correlation: z.string().optional(),
  day: z.string().optional().describe('The day of the log that has it, where it was delivered late.'),
  details: z.record(z.string(), z.unknown()).optional(),
});

const read = operation({
  name: 'readAudit',
  method: 'GET',
  route: 'audit',
  role: 'auditor',
  summary: 'Reads the audit log, newest first; that is itself in it',
  query,
  answer: z.strictObject({ events: z.array(event), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async (input, acting) => ({ body: await readAudit(input.query, acting) }),
});

const exportLines = operation({
  name: 'exportAudit',
  method: 'GET',
  route: 'audit/export',
  role: 'auditor',
  summary:
    'Whole days of the audit log as JSON lines, with the seals that vouch for them; the Link header names the rest',
  query: z.object({ ...days, after: pageQuery.shape.after }),
  answer: z.string(),
  lines: true,
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query: asked }, acting) => {
    const { lines, next } = await exportAudit(asked, acting);
    return { body: `${lines.join('\n')}\n`, ...(next === undefined ? {} : { next: nextAddress(asked, next) }) };
  },
});

const seals = operation({
  name: 'listSeals',
  method: 'GET',
  route: 'audit/seals',
  role: 'auditor',
  summary: 'Lists the days that are sealed, the newest first',
  query: z.object(days),
  answer: z.strictObject({
    seals: z.array(z.strictObject({ day: z.string(), count: z.int().describe('Events of that day.') })),
    kept_days: z.int().describe('How long events stay; seals stay for good.'),
  }),
  status: 200,
  refusals: [],
  run: async (input, { server }) => ({ body: await readSeals(input.query, server) }),
});

const nextAddress = ({ from, to }: { from?: string | undefined; to?: string | undefined }, after: string): string => {
  const query = Object.entries({ from, to, after }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `/api/admin/audit/export?${new URLSearchParams(query)}`;
};

/** In the order of the documentation. */
export const auditOperations: readonly Operation[] = [read, exportLines, seals];
