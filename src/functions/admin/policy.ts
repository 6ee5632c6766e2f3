/** Operations on what operators rule. */
import * as z from 'zod';
import {
  previewPolicy,
  previewRule,
  type RuleOf,
  readPolicy,
  readRule,
  replacePolicy,
  replaceRule,
  ruledPermission,
} from '../../flows/operators/policy.ts';
import { tryPolicy } from '../../flows/operators/try-policy.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { versionOf } from '../../oauth/access/version.ts';
import type { ClientRule, Policy } from '../../oauth/policy/policy.ts';
import { epochSeconds, nextPage, type Operation, operation } from './operation.ts';

const day = 86_400;
const identifier = z.string().min(1).max(2_000);

/** No client_id of ours and no address of a document (`client-document.ts`) is longer. */
const clientId = z.string().min(1).max(256);

export const permission = z.strictObject({
  resource: identifier.describe('Identifier of the resource (RFC 8707).'),
  scope: identifier,
});

/** A permission of a rule, as the API spells it. */
export const wirePermission = (remembered: string): z.infer<typeof permission> => {
  const space = remembered.indexOf(' ');
  return { resource: remembered.slice(0, space), scope: remembered.slice(space + 1) };
};

const policy = z.strictObject({
  third_party_access: z.enum(['on', 'off']).describe('Off: what services have stops until it is on again.'),
  registration: z.enum(['nobody', 'operators', 'everyone']).describe('Who may register services on the pages for it.'),
  other_services: z.enum(['allowed', 'blocked']).describe('What holds for services without a rule of their own.'),
  needs_operator: z.array(permission).max(500).describe('Permissions that need an operator’s approval.'),
  longest_authorization_seconds: z
    .int()
    .min(3_600)
    .max(5 * 365 * day)
    .optional()
    .describe('An authorization ends so long after its approval; without it, when the person was told.'),
  sign_in: z
    .strictObject({
      acr: z.array(z.string().min(1).max(200)).max(20).describe('One of these authentication contexts; any if empty.'),
      max_age_seconds: z
        .int()
        .min(300)
        .max(5 * 365 * day)
        .optional(),
    })
    .describe('What a person’s sign-in must have been.'),
});

const policyFrom = (wire: z.infer<typeof policy>): Policy => ({
  thirdPartyAccess: wire.third_party_access,
  registration: wire.registration,
  otherClients: wire.other_services,
  needsOperator: [...new Set(wire.needs_operator.map(ruledPermission))],
  longestAuthorizationSeconds: wire.longest_authorization_seconds,
  signIn: { acr: wire.sign_in.acr, maxAgeSeconds: wire.sign_in.max_age_seconds },
});

const wirePolicy = (one: Policy): z.infer<typeof policy> => ({
  third_party_access: one.thirdPartyAccess,
  registration: one.registration,
  other_services: one.otherClients,
  needs_operator: one.needsOperator.map(wirePermission),
  ...(one.longestAuthorizationSeconds === undefined
    ? {}
    : { longest_authorization_seconds: one.longestAuthorizationSeconds }),
  sign_in: {
    acr: [...one.signIn.acr],
    ...(one.signIn.maxAgeSeconds === undefined ? {} : { max_age_seconds: one.signIn.maxAgeSeconds }),
  },
});

/** What a change would do, to whom. */
export const effects = z.strictObject({
  effects: z.array(z.strictObject({ rule: z.string(), who: z.string(), what: z.string() })),
});

const read = operation({
  name: 'readPolicy',
  method: 'GET',
  route: 'policy',
  role: 'auditor',
  summary: 'Reads what operators rule for the deployment',
  answer: policy,
  status: 200,
  versionShown: true,
  refusals: [],
  run: async (_, acting) => {
    const { value, tag } = await readPolicy(acting);
    return { body: wirePolicy(value), etag: versionOf(tag) };
  },
});

const replace = operation({
  name: 'replacePolicy',
  method: 'PUT',
  route: 'policy',
  role: 'operator',
  summary: 'Replaces it; every instance goes by it within 15 seconds',
  body: policy,
  answer: policy,
  status: 200,
  versionShown: true,
  versioned: true,
  refusals: ['permission_unknown', 'permissions_too_many', 'rules_changed_meanwhile'],
  run: async ({ body, ifMatch }, acting) => {
    const { value, tag } = await replacePolicy({ value: policyFrom(body), ifMatch }, acting);
    return { body: wirePolicy(value), etag: versionOf(tag) };
  },
});

const preview = operation({
  name: 'previewPolicy',
  method: 'POST',
  route: 'policy/preview',
  role: 'auditor',
  summary: 'Says what replacing the policy would do, and to whom; changes nothing',
  body: policy,
  answer: effects,
  status: 200,
  refusals: ['permission_unknown', 'permissions_too_many'],
  run: async ({ body }, acting) => ({ body: { effects: await previewPolicy(policyFrom(body), acting) } }),
});

const verdict = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['passes', 'refuses', 'withholds', 'approves']),
  because: z.string(),
  permissions: z.array(permission).optional(),
});
const tried = z.strictObject({ verdicts: z.array(verdict), outcome: z.string() });

const attempt = operation({
  name: 'tryPolicy',
  method: 'POST',
  route: 'policy/try',
  role: 'auditor',
  summary: 'Says what would happen to a person at a service, rule by rule; changes nothing',
  body: z.strictObject({
    subject: z.string().min(1).max(256).describe('The person’s stable claim at the sign-in provider.'),
    client_id: clientId,
    scope: z.string().max(5_000).optional().describe('What the service would ask for; all that it may without it.'),
    resource: z.array(identifier).max(20).default([]),
    acr: z.string().max(200).optional().describe('A sign-in to suppose, instead of the last that is known.'),
    signed_in_seconds_ago: z.int().min(0).optional(),
    policy: policy.optional().describe('Rules to try before they are saved.'),
  }),
  answer: z.strictObject({
    service: z.string(),
    person_known: z.boolean().describe('Whether they have ever signed in.'),
    asking: tried.describe('If the service asked now.'),
    holding: z
      .array(tried.extend({ session: z.string(), approved_at: epochSeconds }))
      .describe('Each authorization session that it has.'),
  }),
  status: 200,
  refusals: ['admin_client_unknown', 'scope_not_allowed', 'scope_none_allowed', 'scope_malformed', 'resource_unknown'],
  run: async ({ body }, acting) => {
    const result = await tryPolicy(
      {
        subject: body.subject,
        clientId: body.client_id,
        scope: body.scope,
        resources: body.resource,
        acr: body.acr,
        signedInSecondsAgo: body.signed_in_seconds_ago,
        policy: body.policy && policyFrom(body.policy),
      },
      acting,
    );
    const { serviceName, isPersonKnown, asking, holding } = result;
    return {
      body: {
        service: serviceName,
        person_known: isPersonKnown,
        asking: wireTried(asking),
        holding: holding.map(({ session, approvedAt, ...one }) => ({
          ...wireTried(one),
          session,
          approved_at: approvedAt,
        })),
      },
    };
  },
});

type Tried = Awaited<ReturnType<typeof tryPolicy>>['asking'];

const wireTried = ({ verdicts, outcome }: Tried): z.infer<typeof tried> => ({
  outcome,
  verdicts: verdicts.map((one) => ({
    rule: one.rule,
    outcome: one.outcome,
    because: one.because,
    ...(one.outcome === 'withholds' ? { permissions: one.permissions.map(wirePermission) } : {}),
  })),
});

const rule = z.strictObject({
  access: z
    .enum(['default', 'allowed', 'blocked', 'approved_for_everyone'])
    .describe('Default: no rule, as other_services of the policy says.'),
  permissions: z
    .array(permission)
    .max(250)
    .default([])
    .describe('With approved_for_everyone: what nobody is asked for any more.'),
});
const ruleOf = z.strictObject({ client_id: clientId, ...rule.shape });
const serviceQuery = z.object({ client_id: clientId });

const ruleFrom = ({ access, permissions }: z.infer<typeof rule>): ClientRule | undefined => {
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
  body: rule,
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
  body: ruleOf,
  answer: effects,
  status: 200,
  refusals: ['permission_unknown', 'permissions_too_many'],
  run: async ({ body }, acting) => ({
    body: { effects: await previewRule({ clientId: body.client_id, rule: ruleFrom(body) }, acting) },
  }),
});

/** In the order of the documentation. */
export const policyOperations: readonly Operation[] = [
  read,
  replace,
  preview,
  attempt,
  listRules,
  readService,
  replaceService,
  previewService,
];
