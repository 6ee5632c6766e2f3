/** The fields of the form that changes what is ruled. */
import { type Html, html } from '../html.ts';
import { described, type FieldProblem, problemLine } from './field-problem.ts';
import { type OfferedPermission, permissionChoices } from './frame.ts';

/** Unit -> seconds. */
export const unitSeconds = { minutes: 60, hours: 3_600, days: 86_400 } as const;

export type Unit = keyof typeof unitSeconds;

/** A span as it is typed; without a count there is no limit. */
export type Amount = { readonly count: string; readonly unit: Unit };

/** As it is typed; permissions are the resource and the scope, a space between them. */
export type TypedPolicy = {
  readonly third_party_access: string | undefined;
  readonly registration: string | undefined;
  readonly other_services: string | undefined;
  readonly permissions: readonly string[];
  readonly longest: Amount;
  /** Several have spaces between them. */
  readonly acr: string;
  readonly age: Amount;
};

/** Field -> what is shown of it where it is spoken of. */
export const policyLabels = {
  third_party_access: 'Third-party access',
  registration: 'Who may register services on the pages for it',
  other_services: 'Services without a rule of their own',
  permissions: 'Permissions that need an operator’s approval',
  longest: 'Longest life of an authorization',
  age: 'A sign-in may be at most this old',
  acr: 'Sign-in by one of these authentication contexts (acr)',
} as const;

export type PolicyField = keyof typeof policyLabels;
export type PolicyProblem = FieldProblem<PolicyField> | undefined;

type Filling = {
  readonly typed: TypedPolicy;
  readonly permissions: readonly OfferedPermission[];
  readonly problem: PolicyProblem;
};

export const policyFields = ({ typed, permissions, problem }: Filling): Html => html`
${(Object.keys(answers) as (keyof typeof answers)[]).map((name) => choices(name, typed[name], problem))}
<fieldset id="permissions" tabindex="-1"${described('permissions', true, problem)}><legend><h3>${policyLabels.permissions}</h3></legend>
<p class="quiet" id="permissions-hint">Whoever is asked for one waits until an operator has approved it under Requests.</p>${problemLine('permissions', problem)}
<details class="area"${typed.permissions.length > 0 && html` open`}><summary>${typed.permissions.length} chosen of ${permissions.length}</summary>
<div class="picks">${permissionChoices(permissions, new Set(typed.permissions))}</div></details></fieldset>
<fieldset><legend><h3>How long, and how signed in</h3></legend>
${amountField({ name: 'longest', hint: 'At least one hour. Empty: as long as the person was told.', value: typed.longest }, problem)}
${amountField({ name: 'age', hint: 'At least five minutes. Empty: any age.', value: typed.age }, problem)}
<div class="field"><label for="acr">${policyLabels.acr}</label><p class="quiet" id="acr-hint">With a space between them. Empty: any.</p><input id="acr" name="acr" value="${typed.acr}" maxlength="4000" autocomplete="off" spellcheck="false"${described('acr', true, problem)}>${problemLine('acr', problem)}</div>
</fieldset>`;

const answers = {
  third_party_access: {
    on: 'On: services may be authorized',
    off: 'Off: no service can be authorized, or use what it has',
  },
  registration: { nobody: 'Nobody', operators: 'Operators', everyone: 'Everybody who can sign in' },
  other_services: { allowed: 'Allowed', blocked: 'Blocked' },
} as const;

const choices = (name: keyof typeof answers, chosen: string | undefined, problem: PolicyProblem): Html =>
  html`<fieldset id="${name}" tabindex="-1"${described(name, false, problem)}><legend><h3>${policyLabels[name]}</h3></legend>${problemLine(name, problem)}
${Object.entries(answers[name]).map(
  ([value, label]) =>
    html`<div class="choice"><input type="radio" id="${name}-${value}" name="${name}" value="${value}" required${value === chosen && html` checked`}><label for="${name}-${value}">${label}</label></div>`,
)}</fieldset>`;

type AmountField = { readonly name: 'longest' | 'age'; readonly hint: string; readonly value: Amount };

const amountField = ({ name, hint, value }: AmountField, problem: PolicyProblem): Html => {
  const label = policyLabels[name];
  return html`<div class="field">
<label for="${name}">${label}</label><p class="quiet" id="${name}-hint">${hint}</p>
<div class="amount"><input id="${name}" name="${name}" value="${value.count}" inputmode="decimal" maxlength="20" autocomplete="off"${described(name, true, problem)}>
<select name="${name}_unit" aria-label="${label}: unit">${Object.keys(unitSeconds).map((unit) => html`<option value="${unit}"${unit === value.unit && html` selected`}>${unit}</option>`)}</select></div>${problemLine(name, problem)}</div>`;
};

/** The same as it was typed, for the form that confirms it. */
export const typedAgain = (typed: TypedPolicy): Html => {
  const said = {
    third_party_access: typed.third_party_access,
    registration: typed.registration,
    other_services: typed.other_services,
    longest: typed.longest.count,
    longest_unit: typed.longest.unit,
    acr: typed.acr,
    age: typed.age.count,
    age_unit: typed.age.unit,
  };
  const pairs = [...Object.entries(said), ...typed.permissions.map((one) => ['permission', one] as const)];
  return html`${pairs.map(([name, value = '']) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
};
