/** The rule of one service: the one in force, another one, and what that would do to whom. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import {
  type ConsoleSite,
  code,
  consoleLayout,
  type EffectView,
  effectsList,
  fact,
  formToken,
  forOperators,
  type OfferedPermission,
  permissionChoices,
  problemNotice,
} from './frame.ts';
import { serviceHref } from './service-parts.ts';

/** As the API answers it. */
export type RuleView = {
  readonly access: string;
  readonly permissions: readonly { readonly resource: string; readonly scope: string }[];
};

/** As it is typed; permissions are the resource and the scope, a space between them. */
export type TypedRule = { readonly access: string | undefined; readonly permissions: readonly string[] };

type ServiceRuleView = ConsoleSite & {
  readonly clientId: string;
  readonly name: string;
  readonly inForce: RuleView;
  /** Of what is in force. */
  readonly etag: string;
  readonly permissions: readonly OfferedPermission[];
  readonly typed: TypedRule;
  /** What saving `typed` would do; undefined until somebody asks. */
  readonly effects: readonly EffectView[] | undefined;
  /** It was saved just now. */
  readonly saved: boolean;
  readonly problem?: string | undefined;
};

/** Every rule that a service may have. */
export const ruleWords: Readonly<Record<string, string>> = {
  default: 'None of its own: it is as other services are',
  allowed: 'Allowed: people may authorize it, also where other services are blocked',
  blocked: 'Blocked: nobody can authorize it, and it cannot use what it has',
  approved_for_everyone: 'Approved for everyone: nobody is asked about the permissions below',
};

export const serviceRuleHref = (clientId: string): string =>
  `/console/services/rule?${String(new URLSearchParams({ client_id: clientId }))}`;

export const serviceRulePage = (view: ServiceRuleView): Html =>
  consoleLayout(view, {
    area: 'services',
    title: `Rule of ${cleanText(view.name, 100)}`,
    main: html`<p class="lead">What holds for this service alone. A change holds on every instance within 15 seconds.</p>
${problemNotice(view.problem)}
${view.saved && view.effects === undefined && view.problem === undefined && html`<p class="notice" role="status">Saved. It holds on every instance within 15 seconds.</p>`}
${view.effects !== undefined && forOperators(view, confirmPart(view, view.effects))}
<section class="card" aria-labelledby="ruled"><h2 id="ruled">In force</h2>${inForcePart(view)}</section>
${forOperators(view, changePart(view))}
<p class="way"><a href="${serviceHref(view.clientId)}">The service</a></p>`,
  });

const inForcePart = ({
  clientId,
  inForce: { access, permissions },
}: ServiceRuleView): Html => html`<dl class="facts">${fact('Client ID', code(clientId))}${fact('Rule', ruleWords[access] ?? access)}
${access === 'approved_for_everyone' && fact('Without asking', permissions.length === 0 ? 'nothing' : html`${permissions.map(({ scope }) => html`${code(scope)} `)}`)}</dl>`;

const confirmPart = (
  view: ServiceRuleView,
  effects: readonly EffectView[],
): Html => html`<section class="card" aria-labelledby="would">
<div role="status"><h2 id="would">${effects.length === 0 ? 'This changes nothing for anybody now' : 'What this will do'}</h2></div>
${effects.length > 0 && effectsList(effects)}
<form method="post" action="/console/services/rule">${hidden(view)}<input type="hidden" name="access" value="${view.typed.access ?? ''}">
${view.typed.permissions.map((one) => html`<input type="hidden" name="permission" value="${one}">`)}
<p class="ways"><button class="primary" name="do" value="save">Save this rule</button><a class="button" href="${serviceRuleHref(view.clientId)}">Leave it as it is</a></p></form></section>`;

const hidden = (view: ServiceRuleView): Html =>
  html`${formToken(view)}<input type="hidden" name="client_id" value="${view.clientId}"><input type="hidden" name="etag" value="${view.etag}">`;

const changePart = (view: ServiceRuleView): Html => {
  const { typed, permissions } = view;
  return html`<form method="post" action="/console/services/rule" class="card">
<h2>Another rule</h2>
<p>You see first what that will do, and to whom.</p>
${hidden(view)}
<fieldset><legend><h3>Rule</h3></legend>
${Object.entries(ruleWords).map(
  ([value, label]) =>
    html`<div class="choice"><input type="radio" id="access-${value}" name="access" value="${value}" required${value === typed.access && html` checked`}><label for="access-${value}">${label}</label></div>`,
)}</fieldset>
<fieldset><legend><h3>Permissions that nobody is asked about</h3></legend>
<p class="quiet">With “Approved for everyone”: the service gets them without an approval page. Everything else it asks people for.</p>
<details class="area"${typed.permissions.length > 0 && html` open`}><summary>${typed.permissions.length} chosen of ${permissions.length}</summary>
<div class="picks">${permissionChoices(permissions, new Set(typed.permissions))}</div></details></fieldset>
<p class="way"><button class="primary" name="do" value="preview">Show what this will do</button></p>
</form>`;
};
