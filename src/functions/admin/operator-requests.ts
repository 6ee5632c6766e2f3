/** Operations on the queue of what people asked operators to approve. */
import * as z from 'zod';
import { decideRequest, waitingRequests } from '../../flows/operators/operator-requests.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { type QueuedRequest, reasonLimit } from '../../oauth/policy/operator-request.ts';
import { epochSeconds, nextPage, type Operation, operation } from './operation.ts';
import { permission, wirePermission } from './policy.ts';

const described = z.strictObject({
  id: z.string(),
  client_id: z.string(),
  client_name: z.string(),
  person: z.string().describe('A pseudonym, as in the audit log.'),
  name: z.string(),
  account: z.string(),
  permissions: z.array(permission),
  asked_at: epochSeconds,
});

const wireRequest = (one: QueuedRequest): z.infer<typeof described> => ({
  id: one.id,
  client_id: one.clientId,
  client_name: one.clientName,
  person: one.userKey.toString('hex'),
  name: one.personName,
  account: one.accountName,
  permissions: one.permissions.map(wirePermission),
  asked_at: one.askedAt,
});

const list = operation({
  name: 'listOperatorRequests',
  method: 'GET',
  route: 'operator-requests',
  role: 'auditor',
  summary: 'Lists who waits for an operator’s approval, and for what, the longest first',
  query: z.object({ after: z.string().max(2_000).optional().describe('The `next` of the page before.') }),
  answer: z.strictObject({ requests: z.array(described), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, acting) => {
    const { cursor } = await acting.server.keys();
    const after = query.after === undefined ? undefined : openCursor('operator requests', query.after, cursor);
    const { requests, next } = await waitingRequests(after, acting);
    return {
      body: {
        requests: requests.map(wireRequest),
        ...(next === undefined ? {} : { next: sealCursor('operator requests', next, cursor) }),
      },
    };
  },
});

const path = z.object({ id: z.string() });
const reason = z.string().min(1).max(reasonLimit);

const approve = operation({
  name: 'approveOperatorRequest',
  method: 'POST',
  route: 'operator-requests/{id}/approve',
  role: 'operator',
  summary: 'Approves a request: the person may allow it when the service asks again',
  path,
  body: z.strictObject({ reason: reason.optional() }),
  answer: described,
  status: 200,
  refusals: ['operator_request_unknown', 'operator_request_decided'],
  run: async (input, acting) => {
    const decision = { id: input.path.id, state: 'approved', reason: input.body.reason } as const;
    return { body: wireRequest(await decideRequest(decision, acting)) };
  },
});

const refuse = operation({
  name: 'refuseOperatorRequest',
  method: 'POST',
  route: 'operator-requests/{id}/refuse',
  role: 'operator',
  summary: 'Refuses a request; the person reads the reason',
  path,
  body: z.strictObject({ reason }),
  answer: described,
  status: 200,
  refusals: ['operator_request_unknown', 'operator_request_decided'],
  run: async (input, acting) => {
    const decision = { id: input.path.id, state: 'refused', reason: input.body.reason } as const;
    return { body: wireRequest(await decideRequest(decision, acting)) };
  },
});

/** In the order of the documentation. */
export const operatorRequestOperations: readonly Operation[] = [list, approve, refuse];
