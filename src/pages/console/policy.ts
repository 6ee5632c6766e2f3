/** What operators rule: each rule in words, what a change would do to whom, and the change. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { fieldNotice } from './field-problem.ts';
import {
  type ConsoleSite,
  code,
  consoleLayout,
  type EffectView,
  effectsList,
  formToken,
  forOperators,
  nextPart,
  type OfferedPermission,
} from './frame.ts';
import { type PolicyProblem, policyFields, policyLabels, type TypedPolicy, typedAgain } from './policy-fields.ts';
import { type PolicyView, policySentences } from './policy-words.ts';
import { serviceRuleHref } from './service-rule.ts';
import { listTable } from './table.ts';

/** As the API answers it. */
export type ServiceRuleView = {
  readonly client_id: string;
  readonly access: string;
  readonly permissions: readonly { readonly scope: string }[];
  readonly changed_at: number;
};

export type PolicyPageView = ConsoleSite & {
  readonly inForce: PolicyView;
  /** Of what is in force. */
  readonly etag: string;
  readonly permissions: readonly OfferedPermission[];
  readonly rules: readonly ServiceRuleView[];
  readonly next?: string | undefined;
  readonly typed: TypedPolicy;
  /** What saving `typed` would do; undefined until somebody asks. */
  readonly effects: readonly EffectView[] | undefined;
  readonly saved: boolean;
  readonly problem: PolicyProblem;
};

export const policyPage = (view: PolicyPageView): Html =>
  consoleLayout(view, {
    area: 'policy',
    title: 'Policy',
    main: html`<p class="lead">What holds for every service and everybody who uses one. A change holds on every instance within 15 seconds.</p>
<p class="way"><a class="button" href="/console/policy/try">What would happen to somebody at a service?</a></p>
${fieldNotice(view.problem, policyLabels)}
${view.saved && view.effects === undefined && view.problem === undefined && html`<p class="notice" role="status">Saved. It holds on every instance within 15 seconds.</p>`}
${forOperators(view, view.effects === undefined ? html`` : confirmPart(view, view.effects))}
<section class="card" aria-labelledby="ruled"><h2 id="ruled">In force</h2>
<ul class="plain-list">${policySentences(view.inForce).map((one) => html`<li>${one}</li>`)}</ul></section>
${rulesPart(view)}
${forOperators(view, changePart(view))}`,
  });

const confirmPart = (
  view: PolicyPageView,
  effects: readonly EffectView[],
): Html => html`<section class="card" aria-labelledby="would">
<div role="status"><h2 id="would">${effects.length === 0 ? 'This changes nothing' : 'What this will do'}</h2></div>
${effects.length > 0 && effectsList(effects)}
${
  effects.length > 0 &&
  html`<form method="post" action="/console/policy">
${formToken(view)}<input type="hidden" name="etag" value="${view.etag}">${typedAgain(view.typed)}
<p class="ways"><button class="primary" name="do" value="save">Save these rules</button><button formaction="/console/policy/try" name="do" value="begin">Try them on somebody first</button><a class="button" href="/console/policy">Leave them as they are</a></p>
</form>`
}</section>`;

const changePart = (view: PolicyPageView): Html => html`<form method="post" action="/console/policy" class="card">
<h2>Change the rules</h2>
<p>You see first what that will do, and to whom.</p>
${formToken(view)}<input type="hidden" name="etag" value="${view.etag}">
${policyFields(view)}
<p class="way"><button class="primary" name="do" value="preview">Show what this will do</button></p>
</form>`;

const accessWords: Readonly<Record<string, string>> = {
  allowed: 'Allowed',
  blocked: 'Blocked',
  approved_for_everyone: 'Approved for everyone',
};

const rulesPart = (view: PolicyPageView): Html => html`<section class="card" aria-labelledby="own">
<h2 id="own">Services with a rule of their own</h2>
${view.rules.length === 0 ? html`<p>None.</p>` : rulesTable(view)}
${nextPart('/console/policy', {}, view.next)}</section>`;

const rulesTable = ({ rules, now }: PolicyPageView): Html =>
  listTable({
    caption: 'Services with a rule of their own',
    heads: ['Service', 'Rule', 'Without asking', 'Changed'],
    rows: rules.map((one) => [
      html`<a href="${serviceRuleHref(one.client_id)}">${code(one.client_id)}</a>`,
      accessWords[one.access] ?? one.access,
      one.permissions.length === 0 ? 'nothing' : html`${one.permissions.map(({ scope }) => html`${code(scope)} `)}`,
      coarsely(one.changed_at, now, 'en'),
    ]),
  });
