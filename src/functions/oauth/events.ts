/**
 * POST /events/poll (RFC 8936): a resource server fetches security events and acknowledges them. It is answered at once,
 * whatever `returnImmediately` says: holding a request open costs an instance, and the list of `GET /revocations` is there for
 * whoever wants to know within seconds.
 */
import * as z from 'zod';
import { requireNotBlocked } from '../../flows/policy/service.ts';
import { pollEvents } from '../../flows/revocations/events.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { isConfidential } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { authenticateClient } from './authenticate-client.ts';

const idsLimit = 1_000;
const id = z.string().max(64);

/** RFC 8936 §2.2; members of extensions are ignored. */
const body = z.object({
  maxEvents: z.number().int().min(0).default(Number.POSITIVE_INFINITY),
  returnImmediately: z.boolean().optional(),
  ack: z.array(id).max(idsLimit).default([]),
  setErrs: z.record(id, z.unknown()).default({}),
});

export const events: Story = async (request, server) => {
  // The body is not a form: the client proves itself in the header.
  const caller = await authenticateClient(parseParameters(''), request, server);
  await requireNotBlocked(caller, server);
  if (!isConfidential(caller) || caller.resourceServerOf.length === 0)
    throw new OAuthError('events_of_no_resource', 'only the client of a resource server has events to poll');
  const parsed = body.safeParse(await request.json());
  if (!parsed.success) throw new OAuthError('poll_malformed', 'the body must be a poll request (RFC 8936 §2.2)');
  const { maxEvents, ack, setErrs } = parsed.data;
  const wrong = Object.keys(setErrs);
  // What it cannot read it will not read the next time (RFC 8936 §2.6).
  if (wrong.length > 0)
    server.log({
      level: 'warning',
      event: 'security_events_refused',
      client_id: caller.clientId,
      count: wrong.length,
    });
  return json(await pollEvents({ maxEvents, done: [...ack, ...wrong] }, caller, server));
};
