/** Operations that end what people authorized: one of it, or all that a rule names. */
import * as z from 'zod';
import { authorizationName, ownerNamed } from '../../flows/operators/authorization-name.ts';
import {
  endAuthorization,
  orderEnding,
  type Preview,
  previewEnding,
  readEnding,
  stopEnding,
} from '../../flows/operators/endings.ts';
import { userKeyBySubject } from '../../flows/operators/people.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import type { EndingRule } from '../../oauth/grants/ending.ts';
import type { Server } from '../../server.ts';
import type { Ending } from '../../storage/endings.ts';
import { authorizationId } from './authorizations.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';
import { pseudonym } from './people.ts';
import { permission, wirePermission } from './policy.ts';

const name = z.string().min(1).max(256);

const parts = {
  client_id: name.optional().describe('Of this service.'),
  person: pseudonym.optional().describe('Of this person, by the pseudonym of the audit log.'),
  created_before: epochSeconds.optional().describe('Decided before then, and not since.'),
  permission: permission.optional().describe('That hold this permission.'),
};

const rule = z
  .strictObject({
    ...parts,
    subject: name.optional().describe('Of this person, by the claim at the sign-in provider.'),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), {
    message: 'say which: not-before voids everything',
  })
  .refine(({ person, subject }) => person === undefined || subject === undefined, {
    message: 'name a person by one of person and subject',
  });

const ruleFrom = (wire: z.infer<typeof rule>, server: Server): EndingRule => {
  const { client_id: clientId, person, subject, created_before: createdBefore, permission: held } = wire;
  return {
    clientId,
    person: subject === undefined ? person : userKeyBySubject(subject, { server }).toString('hex'),
    createdBefore,
    permission: held && `${held.resource} ${held.scope}`,
  };
};

const shownRule = z.strictObject(parts);

const wireRule = ({ clientId, person, createdBefore, permission: held }: EndingRule): z.infer<typeof shownRule> => ({
  ...(clientId === undefined ? {} : { client_id: clientId }),
  ...(person === undefined ? {} : { person }),
  ...(createdBefore === undefined ? {} : { created_before: createdBefore }),
  ...(held === undefined ? {} : { permission: wirePermission(held) }),
});

const ending = z.strictObject({
  id: z.string(),
  rule: shownRule,
  by: z.string().describe('Who ordered it, as the audit log names them.'),
  state: z.enum(['running', 'done', 'stopped']),
  started_at: epochSeconds.describe('Whatever people decide from then on is not meant.'),
  finished_at: epochSeconds.optional(),
  examined: z.int().describe('How many authorizations have been looked at.'),
  ended: z.int().describe('How many of them it has ended.'),
});

const wireEnding = (one: Ending): z.infer<typeof ending> => ({
  id: one.id,
  rule: wireRule(one.rule),
  by: one.by.id,
  state: one.state,
  started_at: one.startedAt,
  ...(one.finishedAt === undefined ? {} : { finished_at: one.finishedAt }),
  examined: one.examined,
  ended: one.ended,
});

const preview = operation({
  name: 'previewEnding',
  method: 'POST',
  route: 'endings/preview',
  role: 'auditor',
  summary: 'Says what a rule would end, and shows some of it; changes nothing',
  body: rule,
  answer: z.strictObject({
    count: z.int(),
    complete: z
      .boolean()
      .describe('False when there is so much that not all of it was looked at: then there may be more.'),
    sample: z.array(
      z.strictObject({
        id: authorizationId,
        name: z.string().optional(),
        account: z.string().optional(),
        client_id: z.string(),
        client_name: z.string(),
        granted_at: epochSeconds,
      }),
    ),
  }),
  status: 200,
  refusals: [],
  run: async ({ body }, acting) => ({ body: wirePreview(await previewEnding(ruleFrom(body, acting.server), acting)) }),
});

const wirePreview = ({ count, complete, sample }: Preview) => ({
  count,
  complete,
  sample: sample.map((one) => ({
    id: authorizationName(one.owner),
    ...(one.displayName === undefined ? {} : { name: one.displayName }),
    ...(one.accountName === undefined ? {} : { account: one.accountName }),
    client_id: one.clientId,
    client_name: one.clientName,
    granted_at: one.grantedAt,
  })),
});

const order = operation({
  name: 'orderEnding',
  method: 'POST',
  route: 'endings',
  role: 'operator',
  summary:
    'Ends everything that a rule names and that was decided up to now: it begins at once, and its progress can be read',
  body: rule,
  answer: ending,
  status: 201,
  creates: true,
  refusals: [],
  run: async ({ body }, acting) => {
    const made = await orderEnding(ruleFrom(body, acting.server), acting);
    return { body: wireEnding(made), location: `/api/admin/endings/${made.id}` };
  },
});

const list = operation({
  name: 'listEndings',
  method: 'GET',
  route: 'endings',
  role: 'auditor',
  summary: 'Lists what operators have had ended, the latest first',
  query: pageQuery,
  answer: z.strictObject({ endings: z.array(ending), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, { server }) => {
    const { cursor } = await server.keys();
    const after = query.after === undefined ? undefined : openCursor('endings', query.after, cursor);
    const page = await server.store.endings.list({ after, limit: query.limit });
    const next = page.next === undefined ? {} : { next: sealCursor('endings', page.next, cursor) };
    return { body: { endings: page.endings.map(wireEnding), ...next } };
  },
});

const path = z.object({ id: z.string() });

const read = operation({
  name: 'readEnding',
  method: 'GET',
  route: 'endings/{id}',
  role: 'auditor',
  summary: 'Reads how far it has come',
  path,
  answer: ending,
  status: 200,
  refusals: ['ending_unknown'],
  run: async (input, acting) => ({ body: wireEnding(await readEnding(input.path.id, acting)) }),
});

const stop = operation({
  name: 'stopEnding',
  method: 'POST',
  route: 'endings/{id}/stop',
  role: 'operator',
  summary: 'Stops it; what has ended stays so',
  path,
  answer: ending,
  status: 200,
  refusals: ['ending_unknown', 'ending_over'],
  run: async (input, acting) => ({ body: wireEnding(await stopEnding(input.path.id, acting)) }),
});

const endOne = operation({
  name: 'endAuthorization',
  method: 'DELETE',
  route: 'authorizations/{id}',
  role: 'operator',
  summary: 'Ends one authorization, with all of its sessions',
  path: z.object({ id: authorizationId }),
  status: 204,
  versioned: true,
  refusals: ['operation_malformed', 'authorization_unknown', 'authorization_changed'],
  run: async ({ path: named, ifMatch }, acting) => {
    await endAuthorization({ owner: ownerNamed(named.id), ifMatch }, acting);
    return {};
  },
});

/** In the order of the documentation. */
export const endingOperations: readonly Operation[] = [endOne, preview, order, list, read, stop];
