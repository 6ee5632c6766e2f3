/** What is typed about the rules, and the rules that it means. */
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { OfferedPermission } from '../../pages/console/frame.ts';
import {
  type Amount,
  type PolicyField,
  type PolicyProblem,
  type TypedPolicy,
  type Unit,
  unitSeconds,
} from '../../pages/console/policy-fields.ts';
import type { PolicyView } from '../../pages/console/policy-words.ts';
import { parsed } from '../admin/operation.ts';
import { policy } from '../admin/policy.ts';
import { permissionFrom, valueIn } from './permissions.ts';
import type { Refused } from './visit.ts';

/** As a form has it that nobody touched. */
export const typedOf = (policy: PolicyView, offered: readonly OfferedPermission[]): TypedPolicy => ({
  third_party_access: policy.third_party_access,
  registration: policy.registration,
  other_services: policy.other_services,
  permissions: policy.needs_operator.map((one) => valueIn(one, offered)),
  longest: amountOf(policy.longest_authorization_seconds),
  acr: policy.sign_in.acr.join(' '),
  age: amountOf(policy.sign_in.max_age_seconds),
});

/** The largest unit of which it is a whole number. */
const amountOf = (seconds: number | undefined): Amount => {
  if (seconds === undefined) return { count: '', unit: 'days' };
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => seconds % unitSeconds[one] === 0) ?? 'minutes';
  return { count: String(seconds / unitSeconds[unit]), unit };
};

/** Whatever it is: what is wrong about it is said by `policyFrom`, or by the operation. */
export const typedIn = (form: Parameters): TypedPolicy => ({
  third_party_access: form.get('third_party_access'),
  registration: form.get('registration'),
  other_services: form.get('other_services'),
  permissions: form.all('permission'),
  longest: { count: form.get('longest') ?? '', unit: unitIn(form.get('longest_unit')) },
  acr: form.get('acr') ?? '',
  age: { count: form.get('age') ?? '', unit: unitIn(form.get('age_unit')) },
});

const unitIn = (name: string | undefined): Unit =>
  name !== undefined && Object.hasOwn(unitSeconds, name) ? (name as Unit) : 'days';

/** As the API takes it. Throws `operation_malformed`. */
export const policyFrom = (typed: TypedPolicy): unknown => ({
  third_party_access: typed.third_party_access,
  registration: typed.registration,
  other_services: typed.other_services,
  needs_operator: typed.permissions.map(permissionFrom),
  longest_authorization_seconds: secondsIn(typed.longest, 'longest'),
  sign_in: {
    acr: typed.acr.split(' ').filter((one) => one !== ''),
    max_age_seconds: secondsIn(typed.age, 'age'),
  },
});

/** The same for whoever reads it; undefined while it means nothing that could be saved. */
export const ruledBy = (typed: TypedPolicy): PolicyView | undefined => {
  try {
    return parsed(policy, policyFrom(typed)) as PolicyView;
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
};

const secondsIn = ({ count, unit }: Amount, what: string): number | undefined => {
  if (count === '') return undefined;
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(count))
    throw new OAuthError('operation_malformed', `${what}: write a number, or nothing for no limit`);
  return Math.round(Number(count) * unitSeconds[unit]);
};

/** Member of the policy, as a refusal names it -> its field. */
const fields: readonly (readonly [RegExp, PolicyField])[] = [
  [/^third_party_access\b/, 'third_party_access'],
  [/^registration\b/, 'registration'],
  [/^other_services\b/, 'other_services'],
  [/^(?:needs_operator|permission)\b/, 'permissions'],
  [/^longest\b|^longest_authorization_seconds\b/, 'longest'],
  [/^age\b|^sign_in\.max_age_seconds\b/, 'age'],
  [/^sign_in\.acr\b/, 'acr'],
];

const permissionReasons: ReadonlySet<Refused['reason']> = new Set(['permission_unknown', 'permissions_too_many']);

/** What was refused, and the field that it is about, if there is one. */
export const policyProblem = (refused: Refused | undefined): PolicyProblem => {
  if (refused === undefined) return undefined;
  const { problem, reason } = refused;
  if (permissionReasons.has(reason)) return { text: problem, field: 'permissions' };
  const [, member = '', rest = ''] = /^([\w.]+): (.*)$/s.exec(problem) ?? [];
  const field = fields.find(([name]) => name.test(member))?.[1];
  return field === undefined ? { text: problem, field } : { text: rest, field };
};
