/** An answer on its way to a service in the body of a form (OAuth 2.0 Form Post Response Mode §2). */
import { formPostScript } from './form-post-script.ts';
import { type Html, html } from './html.ts';
import { hiddenInputs, layout, type Site } from './layout.ts';
import { displayText } from './text.ts';

export type FormPostView = Site & {
  /** The service's name. */
  readonly service: string;
  /** Proven to be the service's own. */
  readonly redirectUri: string;
  readonly fields: readonly (readonly [string, string])[];
};

/** Goes on by itself; without scripts, by its button. The service learns where the form came from, and nothing of the address. */
export const formPostPage = ({ service, redirectUri, fields, ...site }: FormPostView): Html =>
  layout(
    site,
    site.words.signOut.backTitle,
    html`<meta name="referrer" content="strict-origin">
<h1>${site.words.signOut.backTo(displayText(service))}</h1>
<p class="lead">${site.words.signOut.onItsWay}</p>
<form method="post" action="${redirectUri}">${hiddenInputs(fields)}<button class="primary">${site.words.common.continue}</button></form>
<script>${formPostScript}</script>`,
  );
