/** The queue of what people asked operators to approve. */
import { OAuthError } from '../../oauth/errors.ts';
import type { QueuedRequest } from '../../oauth/policy/operator-request.ts';
import type { Acting } from './acting.ts';
import { actorOf } from './policy.ts';

type Waiting = { readonly requests: readonly QueuedRequest[]; readonly next: string | undefined };

/** A page of what waits, the oldest first. Names people, so that reading it is in the audit. */
export const waitingRequests = async (after: string | undefined, acting: Acting): Promise<Waiting> => {
  const { store } = acting.server;
  await store.audit.record({ action: 'read operator requests', target: 'queue', actor: actorOf(acting) });
  return store.operatorRequests.waiting(after);
};

type Decision = {
  readonly id: string;
  readonly state: 'approved' | 'refused';
  /** For the person to read. */
  readonly reason: string | undefined;
};

/** Throws `not_found`, and `conflict` for what was decided or asked anew meanwhile. */
export const decideRequest = async ({ id, state, reason }: Decision, acting: Acting): Promise<QueuedRequest> => {
  const { server } = acting;
  const request = await server.store.operatorRequests.queued(id);
  if (request === undefined) throw new OAuthError('operator_request_unknown', 'no such request is waiting');
  const { clientId, userKey, permissions } = request;
  const action = state === 'approved' ? 'approve operator request' : 'refuse operator request';
  const details = { id, permissions, ...(reason === undefined ? {} : { reason }) };
  await server.store.audit.record({ action, target: clientId, actor: actorOf(acting), person: userKey, details });
  const decision = { state, reason, at: server.clock() };
  if (!(await server.store.operatorRequests.decide(request, decision)))
    throw new OAuthError('operator_request_decided', 'it has been decided or changed meanwhile');
  server.log({ event: 'operator_request_decided', state, client_id: clientId, actor: acting.principal.id });
  return request;
};
