/** What a person sees when a request cannot go on and must not be sent back to the service. */
import { type Html, html } from './html.ts';
import { layout, type Site } from './layout.ts';
import { displayText } from './text.ts';

export type ErrorView = Site & {
  /** HTTP status of the response. */
  readonly status: number;
  readonly title: string;
  readonly message: string;
  /** What support needs to find the log entry. */
  readonly reference?: string;
  /** A path of this server and what to call it. */
  readonly action?: { readonly href: `/${string}`; readonly label: string };
};

/** RFC 6749 §4.1.2.1: the resource owner is told, and there is no link to an address that was not proven. */
export const errorPage = (view: ErrorView): Html =>
  layout(
    view,
    view.title,
    html`<div class="error">
<h1>${displayText(view.title)}</h1>
<p class="lead">${displayText(view.message, 500)}</p>
${view.action !== undefined && html`<p><a class="button primary" href="${view.action.href}">${view.action.label}</a></p>`}
<p class="quiet">Error ${view.status}${view.reference !== undefined && html` · Reference <code>${displayText(view.reference)}</code>`}</p>
${view.reference !== undefined && html`<p class="quiet">If you ask for help, give this reference: it lets the people who run ${displayText(view.brandName)} find what happened.</p>`}
</div>`,
  );
