/** The operation that says what a deployment is made of: for whoever looks for what is wrong with it. */
import * as z from 'zod';
import { commit, version } from '../../build.ts';
import { settingsIn } from '../../config.ts';
import { type CountedServices, countedServices } from '../../flows/operators/survey.ts';
import type { Server } from '../../server.ts';
import { epochSeconds, type Operation, operation } from './operation.ts';

const signingKey = z.strictObject({
  kid: z.string(),
  key: z.string().describe('The key’s vault and name.'),
  created_at: epochSeconds,
  expires_at: epochSeconds.optional(),
  signs: z.boolean().describe('Tokens are signed with it now.'),
});

const counted = z.strictObject({
  count: z.int(),
  authorizations: z.int().describe('What people have authorized, of all services.'),
  counted_at: epochSeconds,
  need_care: z
    .array(z.strictObject({ client_id: z.string(), client_name: z.string(), warnings: z.array(z.string()) }))
    .describe('Those whose secrets end soonest, and what to do about it, a sentence each.'),
  more: z.int().describe('How many more needed care when they were counted.'),
});

const deployment = z.strictObject({
  version: z.string(),
  commit: z.string().optional().describe('What it was built from, where that is known.'),
  time: epochSeconds.describe('By the server’s clock, as it answers.'),
  caller: z
    .strictObject({
      role: z.enum(['operator', 'auditor']),
      by: z.enum(['client', 'person']),
      id: z.string(),
      name: z.string(),
    })
    .describe('Who asks.'),
  settings: z.record(z.string(), z.string()).describe('Those that are set.'),
  signing_keys: z.array(signingKey).optional().describe('Missing while no vault answers.'),
  vault_throttles: z.boolean().describe('In the last ten seconds Key Vault refused this instance a signature.'),
  services: counted.optional().describe('Counted by the timer, every hour; missing before the first time.'),
  timer_ran_at: epochSeconds
    .optional()
    .describe('When the timer last got through that cleans up and delivers what was left behind, every five minutes.'),
});

const read = operation({
  name: 'readDeployment',
  method: 'GET',
  route: 'deployment',
  role: 'auditor',
  summary: 'Says what the deployment is made of: version, settings, keys, and who asks',
  answer: deployment,
  status: 200,
  refusals: [],
  run: async (_, { server, principal: { role, by, id, name } }) => ({
    body: {
      version,
      ...(commit === '' ? {} : { commit }),
      time: server.clock(),
      caller: { role, by, id, name },
      settings: settingsIn(),
      ...(await signingKeys(server)),
      vault_throttles: server.signer.isThrottled(),
      ...(await whatIsCounted(server)),
    },
  }),
});

const whatIsCounted = async (server: Server) => {
  const { counted: found, timerRanAt } = await countedServices(server);
  return {
    ...(found === undefined ? {} : { services: wireCount(found) }),
    ...(timerRanAt === undefined ? {} : { timer_ran_at: timerRanAt }),
  };
};

const wireCount = ({ services, authorizations, at, needCare, more }: CountedServices): z.infer<typeof counted> => ({
  count: services,
  authorizations,
  counted_at: at,
  need_care: needCare.map(({ clientId, name, warnings }) => ({
    client_id: clientId,
    client_name: name,
    warnings: [...warnings],
  })),
  more,
});

const signingKeys = async ({ signer }: Server) => {
  try {
    const versions = await signer.versions();
    return {
      signing_keys: versions.map(({ kid, key, createdAt, expiresAt, signs }) => ({
        kid,
        key,
        created_at: createdAt,
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        signs,
      })),
    };
  } catch {
    return {};
  }
};

/** In the order of the documentation. */
export const deploymentOperations: readonly Operation[] = [read];
