/** An order to end many authorizations: which, what that would end now, and giving it. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import { accountText, authorizationHref, counted, serviceName } from './authorization-parts.ts';
import { type ConsoleSite, consoleLayout, formToken, forOperators, problemNotice } from './frame.ts';
import { listTable } from './table.ts';

/** What is typed; a permission is the resource and the scope, a space between them. */
export type TypedRule = {
  readonly client_id?: string | undefined;
  readonly person?: string | undefined;
  readonly subject?: string | undefined;
  readonly before?: string | undefined;
  readonly permission?: string | undefined;
};

/** As the API answers it. */
export type PreviewView = {
  readonly count: number;
  readonly complete: boolean;
  readonly sample: readonly {
    readonly id: string;
    readonly name?: string;
    readonly account?: string;
    readonly client_id: string;
    readonly client_name: string;
    readonly granted_at: number;
  }[];
};

type Offered = { readonly value: string; readonly label: string };

type NewView = ConsoleSite & {
  readonly typed: TypedRule;
  readonly permissions: readonly Offered[];
  /** Undefined until it is asked for. */
  readonly preview: PreviewView | undefined;
  /** Why there is no preview. */
  readonly wrong?: string | undefined;
  /** Why the order was not taken. */
  readonly problem?: string | undefined;
};

export const newEndingPage = (view: NewView): Html =>
  consoleLayout(view, {
    area: 'authorizations',
    title: 'End many authorizations',
    main: html`<p class="lead">Say which, see what that would end, and then order it. Looking changes nothing.</p>
${problemNotice(view.problem)}
${view.preview !== undefined && previewPart(view, view.preview)}
${ruleForm(view)}
<p class="way"><a href="/console/authorizations/endings">All orders</a></p>`,
  });

const ruleForm = (
  view: NewView,
): Html => html`<form method="get" action="/console/authorizations/endings/new" class="card">
<h2>Which</h2>
<p>All that fits everything you fill in.</p>
${view.wrong !== undefined && html`<p class="problem" role="alert">${cleanText(view.wrong, 500)}</p>`}
${textField({ name: 'client_id', label: 'Of this service (client ID)', value: view.typed.client_id, most: 256 })}
${textField({ name: 'subject', label: 'Of this person (stable identifier at the sign-in provider)', value: view.typed.subject, most: 256 })}
${textField({ name: 'person', label: 'Of this person (pseudonym in the audit log)', value: view.typed.person, most: 64 })}
<div class="field"><label for="before">Decided before (UTC), and not since</label><input id="before" name="before" type="datetime-local" value="${view.typed.before ?? ''}"></div>
<div class="field"><label for="permission">That hold this permission</label><select id="permission" name="permission"><option value="">Any</option>${view.permissions.map((one) => optionOf(one, view.typed.permission))}</select></div>
<p class="way"><button class="primary">Show what that would end</button></p>
</form>`;

const optionOf = ({ value, label }: Offered, chosen: string | undefined): Html =>
  value === chosen
    ? html`<option value="${value}" selected>${cleanText(label, 200)}</option>`
    : html`<option value="${value}">${cleanText(label, 200)}</option>`;

type TextField = {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly most: number;
};

const textField = ({ name, label, value = '', most }: TextField): Html =>
  html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${value}" maxlength="${most}" autocomplete="off" spellcheck="false"></div>`;

const previewPart = (view: NewView, { count, complete, sample }: PreviewView): Html => {
  const many = `${complete ? '' : 'at least '}${counted(count, 'authorization', 'authorizations')}`;
  return html`<section class="card" aria-labelledby="would"><div role="status"><h2 id="would">${count === 0 && complete ? 'That would end nothing' : `That would end ${many}`}</h2></div>
${!complete && html`<p>There is so much that not all of it was looked at.</p>`}
${sample.length > 0 && html`<p class="quiet">${sample.length < count ? `${sample.length} of them:` : 'These:'}</p>${sampleTable(sample, view.now)}`}
${(count > 0 || !complete) && forOperators(view, orderForm(view, many))}</section>`;
};

const sampleTable = (sample: PreviewView['sample'], now: number): Html =>
  listTable({
    caption: 'What would end',
    heads: ['Service', 'Person', 'Allowed', ''],
    rows: sample.map((one) => [
      serviceName(one.client_name, one.client_id),
      one.name === undefined
        ? html`<span class="quiet">not named here</span>`
        : accountText(one.name, one.account ?? ''),
      coarsely(one.granted_at, now, 'en'),
      html`<a href="${authorizationHref(one.id)}">Open<span class="unseen"> that of ${cleanText(one.client_name, 50)}</span></a>`,
    ]),
  });

const orderForm = (
  view: NewView,
  many: string,
): Html => html`<form method="post" action="/console/authorizations/endings/new">
${formToken(view)}${Object.entries(view.typed).map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`)}
<p>The order begins at once and ends them with all of their sessions: tokens are refused from then on, and services may ask people again. Whatever people decide after the order is not meant. Nothing brings it back.</p>
<div class="choice"><input id="sure" type="checkbox" name="sure" value="yes" required><label for="sure">End ${many}</label></div>
<button class="danger" name="do" value="order">Order it</button>
</form>`;
