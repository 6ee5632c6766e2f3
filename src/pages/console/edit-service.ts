/** Registering a service, or changing what it has registered: by fields, or by the whole document. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import { type FieldProblem, fieldNotice } from './field-problem.ts';
import { type ConsoleSite, consoleLayout, formToken, forOperators } from './frame.ts';
import { type FieldName, type Filling, fieldLabels, serviceFields } from './service-fields.ts';
import { serviceHref } from './service-parts.ts';

type EditServiceView = ConsoleSite & {
  /** Undefined for a new one. */
  readonly edited: { readonly clientId: string; readonly name: string; readonly etag: string } | undefined;
  /** The fields, or the document as JSON. */
  readonly said: Omit<Filling, 'problem'> | { readonly document: string };
  /** The registration as somebody else has left it meanwhile, as JSON. */
  readonly theirs?: string | undefined;
  readonly problem: FieldProblem<FieldName> | undefined;
};

const editHref = ({ edited }: EditServiceView, as: 'fields' | 'document'): string => {
  const query = { ...(edited && { client_id: edited.clientId }), ...(as === 'document' && { as }) };
  const text = String(new URLSearchParams(query));
  return `/console/services/${edited === undefined ? 'new' : 'edit'}${text && `?${text}`}`;
};

export const editServicePage = (view: EditServiceView): Html =>
  consoleLayout(view, {
    area: 'services',
    title: view.edited === undefined ? 'Register a service' : `Edit ${cleanText(view.edited.name, 100)}`,
    main: html`${fieldNotice(view.problem, fieldLabels)}
${forOperators(view, parts(view)) || html`<div class="card"><p>Only operators can do that.</p></div>`}
<p class="way"><a href="${view.edited === undefined ? '/console/services' : serviceHref(view.edited.clientId)}">${view.edited === undefined ? 'The services' : 'The service'}</a></p>`,
  });

const parts = (
  view: EditServiceView,
): Html => html`${view.theirs !== undefined && html`<section class="card" aria-labelledby="theirs"><h2 id="theirs">As somebody else has left it</h2><pre class="wide" tabindex="0" dir="ltr">${view.theirs}</pre></section>`}
<form method="post" action="${editHref(view, 'document' in view.said ? 'document' : 'fields')}" class="card">
<h2>Registration</h2>
${formToken(view)}${view.edited !== undefined && html`<input type="hidden" name="client_id" value="${view.edited.clientId}"><input type="hidden" name="etag" value="${view.edited.etag}">`}
${'document' in view.said ? documentField(view, view.said.document) : serviceFields({ ...view.said, problem: view.problem })}
<p class="ways"><button class="primary" name="do" value="save">${view.edited === undefined ? 'Register it' : 'Save it'}</button>
${'document' in view.said ? html`<a class="button" href="${editHref(view, 'fields')}">As fields</a>` : html`<a class="button" href="${editHref(view, 'document')}">As a document</a>`}</p>
<p class="quiet">${'document' in view.said ? 'What the document leaves out is registered no more.' : 'What has no field here stays as it is; the document has all of it.'}</p>
</form>`;

const documentField = (
  { problem }: EditServiceView,
  document: string,
): Html => html`<div class="field"><label for="metadata">Registration (JSON)</label>
<p class="quiet" id="metadata-hint">Names as in RFC 7591 and its registry, <code>client_name#de</code> and the like for other languages, and our own that begin with <code>assent_</code>. The reference is <a href="/api/openapi.json">the API’s description</a>.</p>
<textarea id="metadata" name="metadata" class="json" rows="24" required spellcheck="false" dir="ltr" autocomplete="off" aria-describedby="metadata-hint"${problem !== undefined && html` aria-invalid="true"`}>
${document}</textarea></div>`;
