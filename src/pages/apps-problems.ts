/** What is wrong with a form: at its top, and beside the field. */
import { type Html, html } from './html.ts';
import type { Words } from './words/words.ts';

export type ProblemWord = keyof Words['apps']['problems'];

/** Ids of the fields that a problem can be about. */
export type ProblemField =
  | 'client_name'
  | 'description'
  | 'organization_name'
  | 'client_uri'
  | 'tos_uri'
  | 'policy_uri'
  | 'contacts'
  | 'redirect_uris'
  | 'jwks'
  | 'jwks_uri'
  | 'scope'
  | 'logo';

export type FormProblem = { readonly field: ProblemField; readonly word: ProblemWord };

/** With a link to the field. */
export const problemSummary = (
  { field, word }: FormProblem,
  { apps }: Words,
): Html => html`<div class="warning" role="alert">
<p><b>${apps.problemTitle}</b></p>
<p><a href="#${field}">${apps.problems[word]}</a></p>
</div>`;
