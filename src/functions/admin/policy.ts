/** Operations on what operators rule. */
import * as z from 'zod';
import type { CountedEffect } from '../../flows/operators/counted-effects.ts';
import { previewPolicy, readPolicy, replacePolicy, ruledPermission } from '../../flows/operators/policy.ts';
import { versionOf } from '../../oauth/access/version.ts';
import type { Policy } from '../../oauth/policy/policy.ts';
import { type Operation, operation } from './operation.ts';

const day = 86_400;

/** Of a resource or a scope. */
export const identifier = z.string().min(1).max(2_000);

/** No client_id of ours and no address of a document (`client-document.ts`) is longer. */
export const clientId = z.string().min(1).max(256);

export const permission = z.strictObject({
  resource: identifier.describe('Identifier of the resource (RFC 8707).'),
  scope: identifier,
});

/** A permission of a rule, as the API spells it. */
export const wirePermission = (remembered: string): z.infer<typeof permission> => {
  const space = remembered.indexOf(' ');
  return { resource: remembered.slice(0, space), scope: remembered.slice(space + 1) };
};

/** What operators rule, as the API spells it. */
export const policy = z.strictObject({
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

/** The same as rules go by it. */
export const policyFrom = (wire: z.infer<typeof policy>): Policy => ({
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
  effects: z.array(
    z.strictObject({
      rule: z.string(),
      who: z.string(),
      what: z.string(),
      counts: z
        .strictObject({
          services: z.array(
            z.strictObject({
              client_id: z.string(),
              service: z.string(),
              people: z.int(),
              more: z.boolean().describe('There may be more people than were looked at.'),
            }),
          ),
          complete: z.boolean().describe('False when there are more services than were looked at.'),
        })
        .optional()
        .describe('Whose authorizations that concerns now, as far as it can be said without looking at all of them.'),
    }),
  ),
});

/** The same as the API says it. */
export const wireEffects = (all: readonly CountedEffect[]): z.infer<typeof effects> => ({
  effects: all.map(({ counts, ...effect }) => ({
    ...effect,
    ...(counts === undefined
      ? {}
      : { counts: { services: counts.services.map(wireCount), complete: counts.isComplete } }),
  })),
});

type Count = NonNullable<CountedEffect['counts']>['services'][number];

const wireCount = ({ clientId: client_id, name: service, people, more }: Count) => ({
  client_id,
  service,
  people,
  more,
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
  run: async ({ body }, acting) => ({ body: wireEffects(await previewPolicy(policyFrom(body), acting)) }),
});

/** In the order of the documentation. */
export const policyOperations: readonly Operation[] = [read, replace, preview];
