/** The operation that says what would happen to a person at a service. */
import * as z from 'zod';
import { tryPolicy } from '../../flows/operators/try-policy.ts';
import { epochSeconds, type Operation, operation } from './operation.ts';
import { clientId, identifier, permission, policy, policyFrom, wirePermission } from './policy.ts';

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

/** In the order of the documentation. */
export const tryPolicyOperations: readonly Operation[] = [attempt];
