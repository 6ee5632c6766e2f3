/** Rules as the rows of `policies.ts` hold them. Hundreds of permissions are told by resource: its identifier is most of the text. */
import { byResource, fromResources } from '../oauth/grants/grant.ts';
import { type ClientRule, defaultPolicy, type Policy } from '../oauth/policy/policy.ts';

export type PolicyColumns = { readonly policy?: string; readonly needsOperator?: string };

/** Table Storage takes 32,768 characters in one column. As long as they fit, permissions are told as older versions read them. */
const plainLimit = 30_000;

export const policyColumns = (policy: Policy): Required<PolicyColumns> => {
  const plain = JSON.stringify(policy);
  if (plain.length <= plainLimit) return { policy: plain, needsOperator: '' };
  const { needsOperator, ...rest } = policy;
  return { policy: JSON.stringify(rest), needsOperator: JSON.stringify(byResource(needsOperator)) };
};

/** What it lacks is as by default. */
export const policyFrom = ({ policy: text, needsOperator = '' }: PolicyColumns = {}): Policy => {
  if (text === undefined) return defaultPolicy;
  const told = JSON.parse(text) as Partial<Policy>;
  const isApart = told.needsOperator === undefined && needsOperator !== '';
  const apart = isApart ? { needsOperator: fromResources(JSON.parse(needsOperator) as Groups) } : {};
  return { ...defaultPolicy, ...told, ...apart };
};

type Groups = readonly (readonly [string, string])[];

export const ruleText = (rule: ClientRule): string => {
  const plain = JSON.stringify(rule);
  if (rule.kind !== 'approved for everyone' || plain.length <= plainLimit) return plain;
  return JSON.stringify({ kind: rule.kind, permissionsAt: byResource(rule.permissions) });
};

export const ruleIn = (text: string): ClientRule => {
  const { permissionsAt, ...rule } = JSON.parse(text) as ClientRule & { readonly permissionsAt?: Groups };
  return permissionsAt === undefined
    ? rule
    : { kind: 'approved for everyone', permissions: fromResources(permissionsAt) };
};
