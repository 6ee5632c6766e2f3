/** What would happen to a person at a service: every rule's verdict, and what they come to. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { ofPersonHref } from './authorization-parts.ts';
import { type ConsoleSite, code, consoleLayout, formToken } from './frame.ts';
import { type TypedPolicy, typedAgain } from './policy-fields.ts';
import { type PolicyView, policySentences } from './policy-words.ts';
import { listTable } from './table.ts';

export type TypedTrial = {
  /** One of both names the person. */
  readonly account: string | undefined;
  readonly subject: string | undefined;
  readonly client_id: string | undefined;
  readonly scope: string | undefined;
  /** Several have spaces between them. */
  readonly resource: string | undefined;
  /** Authentication context. */
  readonly signed_in_by: string | undefined;
  /** Since the sign-in. */
  readonly minutes: string | undefined;
};

type Tried = {
  readonly outcome: string;
  readonly verdicts: readonly {
    readonly rule: string;
    readonly outcome: string;
    readonly because: string;
    readonly permissions?: readonly { readonly scope: string }[];
  }[];
};

/** As the API answers it. */
export type TriedView = {
  readonly service: string;
  readonly person: string;
  readonly person_known: boolean;
  readonly asking: Tried;
  readonly holding: readonly (Tried & { readonly session: string; readonly approved_at: number })[];
};

/** Rules that are typed and not saved. */
export type Untried = {
  readonly typed: TypedPolicy;
  /** Of what was in force when they were typed. */
  readonly etag: string;
  /** Undefined where they mean nothing that could be saved. */
  readonly rules: PolicyView | undefined;
};

/** To choose from while typing. */
export type KnownService = { readonly client_id: string; readonly client_name?: string };

type TryView = ConsoleSite & {
  /** Undefined for trying those in force. */
  readonly unsaved: Untried | undefined;
  readonly services: readonly KnownService[];
  readonly typed: TypedTrial;
  /** Undefined until it is asked for. */
  readonly result?: TriedView;
  /** Why there is none. */
  readonly wrong?: string;
};

export const tryPage = (view: TryView): Html =>
  consoleLayout(view, {
    area: 'policy',
    title: view.unsaved === undefined ? 'Try the rules' : 'Try rules before they are saved',
    main: html`<p class="lead">What would happen to somebody at a service, by ${view.unsaved === undefined ? 'the rules in force' : 'these rules, which are not saved'}. Trying changes nothing; that you looked is in the audit log.</p>
${view.result !== undefined && resultPart(view, view.result)}
${trialForm(view)}
${view.unsaved !== undefined && unsavedPart(view, view.unsaved)}
<p class="way"><a href="/console/policy">The rules in force</a></p>`,
  });

const fields = [
  { name: 'account', label: 'Person: name of the account', most: 256 },
  { name: 'subject', label: 'Or: stable identifier at the sign-in provider', most: 256 },
  { name: 'client_id', label: 'Service (client ID)', most: 256, required: true, list: 'services' },
  { name: 'scope', label: 'Permissions that it asks for; empty: all that it may', most: 5_000 },
  { name: 'resource', label: 'At these resources; empty: as the permissions say', most: 4_000 },
  { name: 'signed_in_by', label: 'Suppose a sign-in by this authentication context (acr)', most: 200 },
  { name: 'minutes', label: 'Suppose that they signed in so many minutes ago', most: 7 },
] as const satisfies readonly {
  readonly name: keyof TypedTrial;
  readonly label: string;
  readonly most: number;
  readonly required?: true;
  readonly list?: string;
}[];

/** What is not saved must not be in an address. */
const trialForm = (
  view: TryView,
): Html => html`<form method="${view.unsaved === undefined ? 'get' : 'post'}" action="/console/policy/try" class="card">
<h2>Who, and where</h2>
${view.unsaved !== undefined && unsavedFields(view, view.unsaved)}
${view.wrong !== undefined && html`<p class="problem" role="alert" id="wrong">${cleanText(view.wrong, 500)}</p>`}
<div class="filters">${fields.map((one) => fieldOf(one, view))}</div>
<datalist id="services">${view.services.map(({ client_id: id, client_name: name }) => html`<option value="${id}">${cleanText(name ?? id, 100)}</option>`)}</datalist>
<p class="way"><button class="primary">Try</button></p>
</form>`;

const fieldOf = (one: (typeof fields)[number], { typed, wrong }: TryView): Html =>
  html`<div class="field"><label for="${one.name}">${one.label}</label><input id="${one.name}" name="${one.name}" value="${typed[one.name] ?? ''}" maxlength="${one.most}"${'required' in one && html` required`}${'list' in one && html` list="${one.list}"`}${wrong !== undefined && html` aria-describedby="wrong"`} autocomplete="off" spellcheck="false"></div>`;

const unsavedFields = (view: TryView, { typed, etag }: Untried): Html =>
  html`${formToken(view)}<input type="hidden" name="etag" value="${etag}">${typedAgain(typed)}`;

const unsavedPart = (
  view: TryView,
  unsaved: Untried,
): Html => html`<section class="card" aria-labelledby="unsaved"><h2 id="unsaved">Not saved yet</h2>
${unsaved.rules === undefined ? html`<p>These rules cannot be saved as they are.</p>` : html`<ul class="plain-list">${policySentences(unsaved.rules).map((one) => html`<li>${one}</li>`)}</ul>`}
<form method="post" action="/console/policy">${unsavedFields(view, unsaved)}
<p class="way"><button name="do" value="preview">Back to these rules</button></p></form></section>`;

const resultPart = (view: TryView, result: TriedView): Html => html`<section class="card" aria-labelledby="asking">
<div role="status"><h2 id="asking">If ${displayText(result.service, 100)} asked now</h2></div>
<p><b>${sentence(result.asking.outcome)}</b></p>
${result.person_known ? html`<p><a href="${ofPersonHref(result.person)}">What this person has authorized</a></p>` : html`<p>Nobody of this identifier has ever signed in; it would be so at their first sign-in.</p>`}
${verdictTable('Rules, if it asked now', result.asking)}</section>
<section class="card" aria-labelledby="holding"><h2 id="holding">What it has already</h2>
${result.holding.length === 0 && html`<p>Nothing of this person.</p>`}
${result.holding.map(
  (one) => html`<h3>Session ${code(one.session)}, approved ${coarsely(one.approved_at, view.now, 'en')}</h3>
<p><b>${sentence(one.outcome)}</b></p>
${verdictTable(`Rules, for session ${one.session}`, one)}`,
)}</section>`;

const sentence = (text: string): string => cleanText(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`, 1_000);

const ruleWords: Readonly<Record<string, string>> = {
  third_party_access: 'Third-party access',
  service: 'Rule of the service',
  sign_in_level: 'How they signed in',
  sign_in_age: 'How long ago they signed in',
  longest_authorization: 'Longest life of an authorization',
  needs_operator: 'Permissions that need an operator',
  approved_for_everyone: 'Approved for everyone',
};

const outcomeWords: Readonly<Record<string, string>> = {
  passes: 'Passes',
  refuses: 'Refuses',
  withholds: 'Withholds some',
  approves: 'Approves',
};

const verdictTable = (caption: string, { verdicts }: Tried): Html =>
  listTable({
    caption,
    heads: ['Rule', 'Verdict', 'Because'],
    rows: verdicts.map(({ rule, outcome, because, permissions = [] }) => [
      ruleWords[rule] ?? rule,
      outcome === 'passes' ? 'Passes' : html`<b>${outcomeWords[outcome] ?? outcome}</b>`,
      html`${cleanText(because, 500)}${permissions.map(({ scope }) => html` ${code(scope)}`)}`,
    ]),
  });
