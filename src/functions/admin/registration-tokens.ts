/**
 * The admin API: initial access tokens, with which clients register themselves (RFC 7591 §1.2).
 *
 *   POST        /api/admin/registration-tokens          a token, shown once; who gets it may register so many clients
 *   GET, DELETE /api/admin/registration-tokens/{id}     what is left of it; withdraw it
 */
import * as z from 'zod';
import { newInitialToken } from '../../flows/clients/initial-token.ts';
import { empty, json } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import type { RegistrationToken } from '../../storage/registration-tokens.ts';
import { adminStory, type Handler } from './endpoint.ts';

const day = 86_400;
const asked = z.strictObject({
  expires_in: z
    .int()
    .min(60)
    .max(365 * day)
    .default(day),
  uses: z.int().min(1).max(10_000).default(1),
});

const issue: Handler = async (request, server, operator) => {
  const body = asked.safeParse(await request.json());
  if (!body.success)
    throw new OAuthError('initial_token_malformed', 'expires_in must be 60 seconds to a year, uses 1 to 10,000');
  const { expires_in: lifetimeSeconds, uses } = body.data;
  const { text, stored } = newInitialToken({ issuedBy: operator.clientId, lifetimeSeconds, uses }, server);
  await record('issue registration token', stored, { operator: operator.clientId, server });
  await server.store.registrationTokens.insert(stored);
  return json({ ...described(stored), registration_token: text }, { status: 201 });
};

const read: Handler = async (request, server) => json(described(await requested(request, server)));

const withdraw: Handler = async (request, server, operator) => {
  const token = await requested(request, server);
  await record('withdraw registration token', token, { operator: operator.clientId, server });
  if (!(await server.store.registrationTokens.withdraw(token)))
    throw new OAuthError('initial_token_used_meanwhile', 'the token was used at the same time; try again');
  return empty(204);
};

export const registrationTokens = adminStory({
  POST: issue,
});
export const registrationToken = adminStory({
  GET: read,
  DELETE: withdraw,
});

const requested = async (request: Incoming, server: Server): Promise<RegistrationToken> => {
  const id = request.segment('id') ?? '';
  const token = /^[0-9a-f]{32}$/.test(id) ? await server.store.registrationTokens.read(id) : undefined;
  if (token === undefined) throw new OAuthError('initial_token_not_found', 'there is no such token');
  return token;
};

type Stored = Omit<RegistrationToken, 'etag'>;

const described = ({ id, issuedBy, createdAt, expiresAt, usesLeft }: Stored) => ({
  id,
  issued_by: issuedBy,
  created_at: createdAt,
  expires_at: expiresAt,
  uses_left: usesLeft,
});

const record = async (
  action: 'issue registration token' | 'withdraw registration token',
  token: Stored,
  { operator, server }: { readonly operator: string; readonly server: Server },
): Promise<void> => {
  await server.store.audit.record({ action, target: token.id, actor: operator, details: described(token) });
  server.log({ event: 'registration_token_changed', action, id: token.id, actor: operator });
};
