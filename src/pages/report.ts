/** Telling the people who run this site that something is wrong with a service. */
import { type Html, html } from './html.ts';
import { layout, type Site } from './layout.ts';
import { cleanText, displayText } from './text.ts';
import type { Words } from './words/words.ts';

export type ReportReason = keyof Words['account']['report']['reasons'];

/** As the form sends them. */
export const reportReasons: readonly ReportReason[] = ['unknown', 'pretends', 'misuse', 'other'];

/** Characters that a report may have. */
export const reportLength = 1_000;

export type ReportView = Site & {
  readonly id: string;
  readonly clientName: string;
  readonly formToken: string;
};

/** Its form goes to /authorizations/report. */
export const reportPage = (view: ReportView): Html => {
  const { report } = view.words.account;
  return layout(
    view,
    `${view.words.authorizations.report}: ${cleanText(view.clientName, 50)}`,
    html`<p class="back"><a href="/authorizations/${view.id}">${report.back}</a></p>
<h1>${report.title(displayText(view.clientName, 50))}</h1>
<p class="lead">${report.lead}</p>
<form class="card fields" method="post" action="/authorizations/report">
<input type="hidden" name="token" value="${view.formToken}">
<input type="hidden" name="authorization" value="${view.id}">
<fieldset><legend>${report.why}</legend>
${reportReasons.map((reason) => html`<label><input type="radio" name="reason" value="${reason}" required> ${report.reasons[reason]}</label>`)}
</fieldset>
<label for="text">${report.more}</label>
<textarea id="text" name="text" rows="4" maxlength="${reportLength}"></textarea>
<button class="primary">${report.send}</button>
</form>`,
  );
};

/** After it, or when there was one today. */
export const reportedPage = (view: Omit<ReportView, 'formToken'>, result: 'sent' | 'tooMany'): Html => {
  const { report } = view.words.account;
  return layout(
    view,
    view.words.authorizations.report,
    html`<h1>${report.title(displayText(view.clientName, 50))}</h1>
<p class="notice" role="status">${report[result]}</p>
<p class="next"><a class="button" href="/authorizations/${view.id}">${report.back}</a></p>`,
  );
};
