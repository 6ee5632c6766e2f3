/** What a service asks for needs an operator's approval: the person may ask for that, and sees what became of it. */
import { timeAgo } from './dates.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, hiddenInputs, type Look, layout, type Site, tile } from './layout.ts';
import { displayText } from './text.ts';

export type OperatorApproval = Site & {
  readonly account: Account;
  readonly clientName: string;
  readonly look: Look;
  readonly permissions: readonly { readonly name: string; readonly description: string }[];
  /** What became of the person's request for exactly this. */
  readonly state: 'not asked' | 'waiting' | 'refused';
  readonly reason?: string;
  /** When it came to that, and now; epoch seconds. */
  readonly since?: number;
  readonly now: number;
  /** Whether the service asks for something else as well. */
  readonly hasMore: boolean;
  readonly action: '/consent' | '/device/decision';
  readonly hidden: readonly (readonly [string, string])[];
};

/** The form posts `decision`: `ask operator`, `without` or `deny`. */
export const operatorApprovalPage = (view: OperatorApproval): Html => {
  const words = view.words.operatorApproval;
  return layout(
    view,
    words.title,
    html`<div class="service">${tile(view.clientName, view.look)}<h1>${words.title}</h1></div>
<p class="lead">${words.lead(displayText(view.clientName, 50))}</p>
${statePart(view)}
<section class="card" aria-labelledby="needed">
<h2 id="needed">${words.list}</h2>
<dl class="facts">${view.permissions.map(({ name, description }) => html`<div><dt><b>${displayText(name)}</b></dt><dd>${displayText(description, 300)}</dd></div>`)}</dl>
</section>
<div class="card">${accountRow(view.account, view.words)}</div>
<form method="post" action="${view.action}" class="ways">
${hiddenInputs(view.hidden)}
${view.state !== 'waiting' && html`<button class="primary" name="decision" value="ask operator">${view.state === 'refused' ? words.again : words.ask}</button>`}
${view.hasMore && html`<button name="decision" value="without">${words.without}</button>`}
<button name="decision" value="deny">${words.deny}</button>
</form>`,
  );
};

const statePart = ({ state, reason, since, now, words: all }: OperatorApproval): Html | undefined => {
  const { language, operatorApproval: words } = all;
  if (state === 'not asked' || since === undefined) return undefined;
  return html`<div class="notice" role="status"><p>${words[state](html`${timeAgo(since, now, language)}`)}</p>
${reason !== undefined && html`<p>${words.reason} <q>${displayText(reason, 500)}</q></p>`}</div>`;
};
