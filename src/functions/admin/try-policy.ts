/** The operation that says what would happen to a person at a service. */
import * as z from 'zod';
import { type Trial, tryPolicy } from '../../flows/operators/try-policy.ts';
import { epochSeconds, type Operation, operation } from './operation.ts';
import { pseudonym } from './people.ts';
import { clientId, identifier, permission, policy, policyFrom, wirePermission } from './policy.ts';
import { rule, ruleFrom } from './service-rules.ts';

const verdict = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['passes', 'refuses', 'withholds', 'approves']),
  because: z.string(),
  permissions: z.array(permission).optional(),
});
const tried = z.strictObject({ verdicts: z.array(verdict), outcome: z.string() });

/** Each names the person. */
const ways = ['subject', 'account', 'person'] as const;

const name = z.string().min(1).max(256).optional();

const trial = z.strictObject({
  subject: name.describe('The person’s stable claim at the sign-in provider.'),
  account: name.describe('Or the name of their account, in any letter case.'),
  person: pseudonym.optional().describe('Or their pseudonym in the audit log.'),
  client_id: clientId,
  scope: z.string().max(5_000).optional().describe('What the service would ask for; all that it may without it.'),
  resource: z.array(identifier).max(20).default([]),
  acr: z.string().max(200).optional().describe('A sign-in to suppose, instead of the last that is known.'),
  signed_in_seconds_ago: z.int().min(0).optional(),
  policy: policy.optional().describe('Rules to try before they are saved.'),
  service_rule: rule.optional().describe('The same: the service’s own rule.'),
});

const attempt = operation({
  name: 'tryPolicy',
  method: 'POST',
  route: 'policy/try',
  role: 'auditor',
  summary: 'Says what would happen to a person at a service, rule by rule; changes nothing',
  body: trial.refine((one) => ways.filter((way) => one[way] !== undefined).length === 1, {
    message: 'name the person in one way: subject, account or person',
  }),
  answer: z.strictObject({
    service: z.string(),
    person: pseudonym.describe('As the audit log names them.'),
    person_known: z.boolean().describe('Whether they have ever signed in.'),
    asking: tried.describe('If the service asked now.'),
    holding: z
      .array(tried.extend({ session: z.string(), approved_at: epochSeconds }))
      .describe('Each authorization session that it has.'),
  }),
  status: 200,
  refusals: [
    'admin_client_unknown',
    'person_unknown',
    'permission_unknown',
    'scope_not_allowed',
    'scope_none_allowed',
    'scope_malformed',
    'resource_unknown',
  ],
  run: async ({ body }, acting) => {
    const result = await tryPolicy(
      {
        person: whomIn(body),
        clientId: body.client_id,
        scope: body.scope,
        resources: body.resource,
        acr: body.acr,
        signedInSecondsAgo: body.signed_in_seconds_ago,
        policy: body.policy && policyFrom(body.policy),
        serviceRule: body.service_rule && { rule: ruleFrom(body.service_rule) },
      },
      acting,
    );
    const { serviceName, userKey, isPersonKnown, asking, holding } = result;
    return {
      body: {
        service: serviceName,
        person: userKey.toString('hex'),
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

const whomIn = ({ subject = '', account, person }: z.infer<typeof trial>): Trial['person'] => {
  if (person !== undefined) return { person };
  return account === undefined ? { subject } : { account };
};

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
