/** GET /authorizations/{id}/report, POST /authorizations/report: a person tells operators that something is wrong with a service. */
import { page, type Reply, redirect } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type ReportReason, reportedPage, reportLength, reportPage, reportReasons } from '../../pages/report.ts';
import { findAuthorization } from './authorization.ts';
import { ownForm, ownPage, type Submission } from './own.ts';

export const reportForm = ownPage({ page: 'authorizations' }, async (visit) => {
  const id = visit.request.segment('id') ?? '';
  const found = await findAuthorization(visit, id);
  if (found === undefined) return redirect('/authorizations');
  const { clientName } = found.authorization.grant;
  const site = await siteOf(visit.request, visit.server);
  return page(reportPage({ ...site, id, clientName, formToken: formTokenOf(visit.session) }));
});

export const report = ownForm(async (submission) => {
  const id = submission.form.get('authorization') ?? '';
  const found = await findAuthorization(submission, id);
  if (found === undefined) return redirect('/authorizations');
  const { clientId, clientName } = found.authorization.grant;
  const result = await send(submission, clientId);
  return shown(submission, { id, clientName, result });
});

/** One a day of a person and a service: more would only bury those of others. Throws `Unavailable`: then it can be sent again. */
const send = async ({ session, form, server }: Submission, clientId: string): Promise<'sent' | 'tooMany'> => {
  const { limits, clock, store, log } = server;
  const reason = reasonIn(form.get('reason'));
  const id = session.userKey.toString('hex');
  const key = `report of ${clientId} by ${id}`;
  if (!limits.reminders.take(key, clock())) return 'tooMany';
  const details = { reason, text: form.lines('text')?.slice(0, reportLength), account: session.accountName };
  const actor = { by: 'person', id } as const;
  try {
    await store.audit.record({ actor, action: 'report service', target: clientId, person: session.userKey, details });
  } catch (error) {
    limits.reminders.give(key, clock());
    throw error;
  }
  log({ level: 'warning', event: 'service_reported', client_id: clientId, reason });
  return 'sent';
};

const reasonIn = (text: string | undefined): ReportReason => {
  const reason = reportReasons.find((one) => one === text);
  if (reason === undefined) throw new OAuthError('report_without_reason', 'the form gives no reason');
  return reason;
};

const shown = async (
  { request, server }: Submission,
  { result, ...service }: { readonly id: string; readonly clientName: string; readonly result: 'sent' | 'tooMany' },
): Promise<Reply> => page(reportedPage({ ...(await siteOf(request, server)), ...service }, result));
