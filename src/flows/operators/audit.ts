/** Operators and auditors read the audit log. That is reading about people: it is in the log itself, before anything is shown. */
import { type LoggedEvent, lineOf } from '../../oauth/audit/chain.ts';
import { type Act, type AuditEvent, actorOf } from '../../oauth/audit/event.ts';
import { canonicalSubject, userKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import { dayOf } from '../../storage/audit.ts';
import type { DayRange } from '../../storage/audit-reader.ts';
import type { Acting } from './acting.ts';
import { auditCursors } from './audit-cursor.ts';

const daySeconds = 86_400;
const usualDays = 7;
const linesPerPage = 2_000;
const daysPerPage = 31;

type Asked = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: string | undefined;
};

/** Days as in 2026-11-21, in UTC; the last seven when left out. Of `person` (pseudonym) and `subject` (claim) at most one. */
export type AuditQuery = Asked & {
  readonly event?: string | undefined;
  readonly client?: string | undefined;
  readonly actor?: string | undefined;
  readonly person?: string | undefined;
  readonly subject?: string | undefined;
  /** Of one request: whatever came of it. */
  readonly correlation?: string | undefined;
  readonly limit: number;
};

type Listed = { readonly events: readonly LoggedEvent[]; readonly next: string | undefined };

/**
 * Newest first. A page takes some twenty transactions at most, and may be empty while there is a next one. With a person, that
 * person's own partition is read, and nothing else. Throws `page_unknown`, `Unavailable`.
 */
export const readAudit = async (query: AuditQuery, acting: Acting): Promise<Listed> => {
  const { server } = acting;
  const userKey = userKeyIn(query, server);
  const cursors = auditCursors('audit', query, (await server.keys()).cursor);
  const request = {
    ...rangeOf(query, server),
    after: cursors.placeIn(query.after),
    limit: query.limit,
    isWanted: wanted(query),
  };
  await recordReading('read audit', query, { acting, userKey });
  const { auditReader } = server.store;
  const { events, next } = await (userKey === undefined
    ? auditReader.page(request)
    : auditReader.pageOfPerson(userKey, request));
  return { events, next: next && cursors.next(next) };
};

const rangeOf = ({ from, to }: Asked, { clock }: Server): DayRange => {
  const last = to ?? dayOf(clock());
  return { from: from ?? dayOf(Date.parse(last) / 1000 - (usualDays - 1) * daySeconds), to: last };
};

const userKeyIn = ({ person, subject }: AuditQuery, { config: { signIn } }: Server): Buffer | undefined => {
  if (subject !== undefined) return userKeyOf(signIn.issuer, canonicalSubject(subject, signIn.subjectClaim));
  return person === undefined ? undefined : Buffer.from(person, 'hex');
};

const wanted =
  ({ event, client, actor, correlation }: AuditQuery) =>
  (one: AuditEvent): boolean =>
    (event === undefined || one.event === event) &&
    (client === undefined || one.client === client) &&
    (actor === undefined || one.actor.id === actor) &&
    (correlation === undefined || one.correlation === correlation);

type Reading = { readonly acting: Acting; readonly userKey?: Buffer | undefined };

const recordReading = (
  action: Extract<Act, 'read audit' | 'export audit'>,
  { after: _, ...asked }: Asked,
  { acting: { server, principal }, userKey }: Reading,
): Promise<void> =>
  server.store.audit.record({
    action,
    actor: actorOf(principal),
    target: 'audit',
    details: asked,
    ...(userKey === undefined ? {} : { person: userKey }),
  });

/** Days that are sealed, the newest first, and for how many days events are kept. Names nobody. Throws `Unavailable`. */
export const readSeals = async (asked: Asked, server: Server) => {
  const { from, to } = rangeOf(asked, server);
  const sealed = await server.store.seals.between(from, to);
  return {
    seals: sealed.map(({ day, count }) => ({ day, count })).reverse(),
    kept_days: Math.floor(server.config.auditSeconds / daySeconds),
  };
};

type Exported = { readonly lines: readonly string[]; readonly next: string | undefined };

/**
 * Days of the log as `cli/audit/verify.mjs` reads them: a line that says what this is; each day's events in the order
 * of its chain, and its seal; then the later seals up to the newest, which vouches for all before. Throws as `readAudit`.
 */
export const exportAudit = async (asked: Asked, acting: Acting): Promise<Exported> => {
  const { server } = acting;
  const range = rangeOf(asked, server);
  const cursors = auditCursors('audit export', asked, (await server.keys()).cursor);
  const place = cursors.placeIn(asked.after);
  await recordReading('export audit', { ...asked, ...range }, { acting });
  const lines = place === undefined ? [await headline(range, server)] : [];
  const seals = new Map((await server.store.seals.between(range.from, '~')).map(({ day, seal }) => [day, seal]));
  const end = [range.to, dayOf(server.clock())].sort()[0] ?? range.to;
  let [day, key, days] = [place?.day ?? range.from, place?.key ?? '', 0];
  for (; day <= end; day = dayAfter(day), key = '', days += 1) {
    if (days === daysPerPage) return { lines, next: cursors.next({ day, key: '' }) };
    for await (const { key: reached, ...event } of server.store.auditReader.day(day, key)) {
      lines.push(lineOf(event));
      if (lines.length >= linesPerPage) return { lines, next: cursors.next({ day, key: reached }) };
    }
    const seal = seals.get(day);
    if (seal !== undefined) lines.push(JSON.stringify({ seal }));
  }
  const later = [...seals].filter(([sealed]) => sealed > end).map(([, seal]) => JSON.stringify({ seal }));
  return { lines: [...lines, ...later], next: undefined };
};

const dayAfter = (day: string): string => dayOf(Date.parse(day) / 1000 + daySeconds);

const headline = async ({ from, to }: DayRange, { config, clock, store }: Server): Promise<string> => {
  const deletedUpTo = await store.auditRetention.deletedUpTo();
  const facts = { assent_audit: 1, issuer: config.issuer, from, to, exported_at: clock() };
  return JSON.stringify({ ...facts, ...(deletedUpTo === undefined ? {} : { deleted_up_to: deletedUpTo }) });
};
