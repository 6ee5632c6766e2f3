/** Who waits for an operator’s approval, and for what. */
import { timeAgo } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import {
  askedOnce,
  type ConsoleSite,
  code,
  consoleLayout,
  fact,
  formToken,
  forOperators,
  nextPart,
  problemNotice,
} from './frame.ts';

/** As the API answers it. */
export type RequestView = {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly name: string;
  readonly account: string;
  readonly permissions: readonly { readonly resource: string; readonly scope: string }[];
  readonly asked_at: number;
};

export type RequestsView = ConsoleSite & {
  readonly requests: readonly RequestView[];
  readonly next?: string | undefined;
  readonly problem?: string | undefined;
  /** What was decided just now. */
  readonly decided?: 'approved' | 'refused' | undefined;
};

const said = {
  approved: 'Approved. The person may allow it when the service asks again.',
  refused: 'Refused. The person reads your reason when the service asks again.',
} as const;

export const requestsPage = (view: RequestsView): Html =>
  consoleLayout(view, {
    area: 'requests',
    title: 'Requests',
    main: html`<p class="lead">What people asked operators to approve, the longest waiting first.</p>
${problemNotice(view.problem)}
${view.decided !== undefined && html`<p class="notice" role="status">${said[view.decided]}</p>`}
${view.requests.length === 0 ? html`<div class="card"><p>Nobody waits.</p></div>` : view.requests.map((one) => requestCard(one, view))}
${nextPart('/console/requests', {}, view.next)}`,
  });

const requestCard = (request: RequestView, view: RequestsView): Html => html`<article class="card">
<h2>${displayText(request.client_name, 100)} for ${displayText(request.name, 100)}</h2>
<dl class="facts">${fact('Account', displayText(request.account, 100))}${fact('Service', code(request.client_id))}${fact('Asked', timeAgo(request.asked_at, view.now, 'en'))}</dl>
<ul class="plain-list">${request.permissions.map(({ resource, scope }) => html`<li>${code(scope)} <span class="quiet">at ${cleanText(resource, 300)}</span></li>`)}</ul>
${forOperators(view, decisions(request, view))}
</article>`;

const decisions = (
  { id, client_name: name }: RequestView,
  view: RequestsView,
): Html => html`<form method="post" action="/console/requests">
${formToken(view)}<input type="hidden" name="id" value="${id}">
<button class="primary" name="decision" value="approve">Approve<span class="unseen"> what ${displayText(name, 50)} asks for</span></button>
</form>
${askedOnce(
  'Refuse…',
  'The person reads the reason.',
  html`<form method="post" action="/console/requests">
${formToken(view)}<input type="hidden" name="id" value="${id}">
<div class="field"><label for="reason-${id}">Reason</label><input id="reason-${id}" name="reason" required maxlength="300" autocomplete="off"></div>
<p class="way"><button class="danger" name="decision" value="refuse">Refuse</button></p>
</form>`,
)}`;
