/** For when something has gone wrong: what was issued up to now is void. */
import { type Html, html } from '../html.ts';
import { type ConsoleSite, consoleLayout, dateOf, formToken, forOperators, problemNotice } from './frame.ts';

export type IncidentsView = ConsoleSite & {
  readonly problem?: string | undefined;
  /** What was typed. */
  readonly typed?: { readonly clientId: string; readonly subject: string } | undefined;
  /** What was voided just now. */
  readonly done?: { readonly notBefore: number; readonly found: boolean } | undefined;
};

export const incidentsPage = (view: IncidentsView): Html =>
  consoleLayout(view, {
    area: 'incidents',
    title: 'Incidents',
    main: html`<p class="lead">When a service, an account or a key may be in the wrong hands: voids everything that was issued up to now. Tokens are refused at once here, and within 15 seconds at APIs that consult the list of revocations. Nothing brings it back.</p>
${problemNotice(view.problem)}${view.done !== undefined && doneNotice(view.done)}
${forOperators(view, forms(view)) || html`<div class="card"><p>Only operators can do that.</p></div>`}
${requestForm}`,
  });

const requestForm = html`<form method="get" action="/console/audit" class="card">
<h2>What came of a request</h2>
<p>Pages and answers that say that something went wrong name it, and so does Application Insights. The last seven days are looked through.</p>
<div class="field"><label for="correlation">Correlation ID</label><input id="correlation" name="correlation" required maxlength="256" autocomplete="off" spellcheck="false"></div>
<p class="way"><button>Look it up</button></p>
</form>`;

const doneNotice = ({ notBefore, found }: NonNullable<IncidentsView['done']>): Html =>
  html`<p class="notice" role="status">What was issued up to ${dateOf(notBefore)} is void.${!found && ' Nobody of that name is known here; it holds all the same.'}</p>`;

const forms = (view: IncidentsView): Html => html`<div class="side">
${named(view, { kind: 'client_id', title: 'One service', label: 'Client ID', does: 'Its tokens and codes, of everybody. People are asked again.', value: view.typed?.clientId })}
${named(view, { kind: 'subject', title: 'One person', label: 'Stable identifier at the sign-in provider (for Entra ID the object ID)', does: 'Their authorizations with all tokens, and their sessions in every browser. They sign in and approve again.', value: view.typed?.subject })}
<form method="post" action="/console/incidents" class="card">
${formToken(view)}<h2>Everyone</h2>
<p>All tokens, codes and sessions of everybody, yours as well. Everybody signs in and approves again, and every service asks anew.</p>
<div class="choice"><input id="sure" type="checkbox" name="sure" value="yes" required><label for="sure">I know that nobody can use anything until then</label></div>
<button class="danger" name="kind" value="everyone">Void everything</button>
</form></div>`;

type Named = {
  readonly kind: 'client_id' | 'subject';
  readonly title: string;
  readonly label: string;
  readonly does: string;
  readonly value: string | undefined;
};

const named = (
  view: IncidentsView,
  { kind, title, label, does, value = '' }: Named,
): Html => html`<form method="post" action="/console/incidents" class="card">
${formToken(view)}<h2>${title}</h2>
<p>${does}</p>
<div class="field"><label for="${kind}">${label}</label><input id="${kind}" name="name" value="${value}" required maxlength="256" autocomplete="off" spellcheck="false"></div>
<p class="way"><button class="danger" name="kind" value="${kind}">Void</button></p>
</form>`;
