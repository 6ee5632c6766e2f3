/** What a person sees when a request cannot go on and must not be sent back to the service. */
import { type Html, html } from './html.ts';
import { hiddenInputs, layout, type Site } from './layout.ts';
import { displayText } from './text.ts';
import type { Words } from './words/words.ts';

export type ErrorView = Site & {
  readonly title: string;
  readonly message: string;
  /** What support needs to find the log entry. */
  readonly reference?: string;
  /** A path of this server and what to call it. */
  readonly action?: { readonly href: `/${string}`; readonly label: string };
  /** A service that waits for an answer, and its request: the person may go back to it with a refusal. */
  readonly service?: { readonly name: string; readonly hidden: readonly (readonly [string, string])[] };
};

/** RFC 6749 §4.1.2.1: the resource owner is told, and there is no link to an address that was not proven. */
export const errorPage = (view: ErrorView): Html =>
  layout(
    view,
    view.title,
    html`<div class="error">
<h1>${displayText(view.title)}</h1>
<p class="lead">${displayText(view.message, 500)}</p>
<div class="ways">
${view.action !== undefined && html`<a class="button primary" href="${view.action.href}">${view.action.label}</a>`}
${view.service !== undefined && wayBack(view.service, view.words)}
</div>
${view.reference !== undefined && html`<p class="quiet">${view.words.refusals.reference(html`<code>${displayText(view.reference)}</code>`, displayText(view.brandName))}</p>`}
</div>`,
  );

const wayBack = ({ name, hidden }: NonNullable<ErrorView['service']>, { signOut }: Words): Html =>
  html`<form method="post" action="/consent">${hiddenInputs(hidden)}<button name="decision" value="deny"><span>${signOut.backTo(displayText(name, 50))}</span></button></form>`;
