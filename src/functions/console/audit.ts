/** GET /console/audit, /console/audit/export: reading the audit log, and taking days of it along. */
import type { Story } from '../../http/endpoint.ts';
import { jsonLines } from '../../http/reply.ts';
import { acts, personEvents } from '../../oauth/audit/event.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { type AuditFilter, auditPage, type EventView, type SealsView } from '../../pages/console/audit.ts';
import { answerOf, call } from './call.ts';
import { consolePage, consoleReply, consoleSite, type Visit } from './visit.ts';

type Found = { readonly events: readonly EventView[]; readonly next?: string; readonly problem?: string };

const about = new Map<string, string>(
  [...Object.values(personEvents), ...Object.values(acts)].map((one) => [one.event, one.about]),
);

/** As many as one looks through. */
const eventsPerPage = 50;

export const auditLog: Story = consolePage(async (visit) => {
  const query = parseParameters(visit.request.query);
  const filter = filterIn(query);
  const found = await eventsOf(filter, query.get('after'), visit);
  const { from, to } = found.problem === undefined ? filter : {};
  const [site, seals] = await Promise.all([
    consoleSite(visit),
    answerOf<SealsView>('listSeals', { query: { from, to } }, visit),
  ]);
  return auditPage({ ...site, ...found, filter, about, seals });
});

const filterIn = (query: Parameters): AuditFilter => ({
  from: query.get('from'),
  to: query.get('to'),
  event: query.get('event'),
  client: query.get('client'),
  actor: query.get('actor'),
  person: query.get('person'),
  subject: query.get('subject'),
  correlation: query.get('correlation'),
});

const eventsOf = async (filter: AuditFilter, after: string | undefined, visit: Visit): Promise<Found> => {
  try {
    return await answerOf<Found>('readAudit', { query: { ...filter, after, limit: eventsPerPage } }, visit);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { events: [], problem: error.description };
  }
};

/** A file of more is nothing that one opens; the command line takes what is longer. */
const partsPerFile = 25;

/** All of the days that were chosen in one file: whoever has a part of them would not know. */
export const auditExport: Story = consoleReply(async (visit) => {
  const query = parseParameters(visit.request.query);
  const asked = { from: query.get('from'), to: query.get('to') };
  const parts: string[] = [];
  for (let after: string | undefined; parts.length < partsPerFile; ) {
    const { body, next } = await call<string>('exportAudit', { query: { ...asked, after } }, visit);
    parts.push(body ?? '');
    if (next === undefined) return jsonLines(parts.join(''), { 'content-disposition': disposition });
    after = new URLSearchParams(next.split('?')[1]).get('after') ?? undefined;
  }
  throw new OAuthError('operation_malformed', 'choose fewer days: these are more events than one file holds');
});

const disposition = 'attachment; filename="assent-audit.jsonl"';
