/** Operations on what operators rule for one service. */
import * as z from 'zod';
import { previewRule, type RuleOf, readRule, replaceRule, ruledPermission } from '../../flows/operators/policy.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { versionOf } from '../../oauth/access/version.ts';
import type { ClientRule } from '../../oauth/policy/policy.ts';
import { epochSeconds, nextPage, type Operation, operation } from './operation.ts';
import { clientId, effects, permission, wireEffects, wirePermission } from './policy.ts';

/** What operators rule for one service, as the API spells it. */
export const rule = z.strictObject({
  access: z
    .enum(['default', 'allowed', 'blocked', 'approved_for_everyone'])
    .describe('Default: no rule, as other_services of the policy says.'),
  permissions: z
    .array(permission)
    .max(250)
    .default([])
    .describe('With approved_for_everyone, and then at least one: what nobody is asked for any more.'),
});
const saysWhat = ({ access, permissions }: z.infer<typeof rule>): boolean =>
  access !== 'approved_for_everyone' || permissions.length > 0;
const unsaid = { path: ['permissions'], error: 'say which are approved' };
const ruleOf = z.strictObject({ client_id: clientId, ...rule.shape });
const serviceQuery = z.object({ client_id: clientId });

/** The same as rules go by it; undefined for none. */
export const ruleFrom = ({ access, permissions }: z.infer<typeof rule>): ClientRule | undefined => {
  if (access === 'default') return undefined;
  if (access !== 'approved_for_everyone') return { kind: access };
  return { kind: 'approved for everyone', permissions: [...new Set(permissions.map(ruledPermission))] };
};

const wireRule = ({ clientId: client_id, rule: one }: RuleOf): z.infer<typeof ruleOf> => ({
  client_id,
  access: one === undefined ? 'default' : one.kind === 'approved for everyone' ? 'approved_for_everyone' : one.kind,
  permissions: one?.kind === 'approved for everyone' ? one.permissions.map(wirePermission) : [],
});

const listRules = operation({
  name: 'listServiceRules',
  method: 'GET',
  route: 'policy/services',
  role: 'auditor',
  summary: 'Lists the services that have a rule of their own',
  query: z.object({ after: z.string().max(2_000).optional().describe('The `next` of the page before.') }),
  answer: z.strictObject({ services: z.array(ruleOf.extend({ changed_at: epochSeconds })), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, { server }) => {
    const { cursor } = await server.keys();
    const after = query.after === undefined ? undefined : openCursor('service rules', query.after, cursor);
    const { rules, next } = await server.store.policies.rules(after);
    return {
      body: {
        services: rules.map((one) => ({ ...wireRule(one), changed_at: one.changedAt })),
        ...(next === undefined ? {} : { next: sealCursor('service rules', next, cursor) }),
      },
    };
  },
});

const readService = operation({
  name: 'readServiceRule',
  method: 'GET',
  route: 'policy/service',
  role: 'auditor',
  summary: 'Reads the rule of a service',
  query: serviceQuery,
  answer: ruleOf,
  status: 200,
  versionShown: true,
  refusals: [],
  run: async ({ query }, acting) => {
    const { value, tag } = await readRule(query.client_id, acting);
    return { body: wireRule(value), etag: versionOf(tag) };
  },
});

const replaceService = operation({
  name: 'replaceServiceRule',
  method: 'PUT',
  route: 'policy/service',
  role: 'operator',
  summary: 'Allows a service, blocks it, approves it for everyone, or removes its rule',
  query: serviceQuery,
  body: rule.refine(saysWhat, unsaid),
  answer: ruleOf,
  status: 200,
  versionShown: true,
  versioned: true,
  refusals: [
    'permission_unknown',
    'permissions_too_many',
    'admin_client_unknown',
    'operator_blocks_itself',
    'rules_changed_meanwhile',
  ],
  run: async ({ query, body, ifMatch }, acting) => {
    const change = { value: { clientId: query.client_id, rule: ruleFrom(body) }, ifMatch };
    const { value, tag } = await replaceRule(change, acting);
    return { body: wireRule(value), etag: versionOf(tag) };
  },
});

const previewService = operation({
  name: 'previewServiceRule',
  method: 'POST',
  route: 'policy/service/preview',
  role: 'auditor',
  summary: 'Says what this rule would do, and to whom; changes nothing',
  body: ruleOf.refine(saysWhat, unsaid),
  answer: effects,
  status: 200,
  refusals: ['permission_unknown', 'permissions_too_many'],
  run: async ({ body }, acting) => ({
    body: wireEffects(await previewRule({ clientId: body.client_id, rule: ruleFrom(body) }, acting)),
  }),
});

/** In the order of the documentation. */
export const serviceRuleOperations: readonly Operation[] = [listRules, readService, replaceService, previewService];
