/** The operation that shows services with their owners, their secrets, and what they do. */
import * as z from 'zod';
import { type SeenService, seenServices } from '../../flows/operators/services.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { endsSoon, secretWarnings } from '../../oauth/clients/secret-expiry.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';

const owner = z.strictObject({ person: z.string(), name: z.string(), account: z.string(), since: epochSeconds });

const secret = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  created_at: epochSeconds,
  expires_at: epochSeconds,
  ends_soon: z.boolean().describe('It is time for its successor, or past that.'),
});

const service = z.strictObject({
  client_id: z.string(),
  client_name: z.string(),
  registered_by: z.enum(['operator', 'person', 'itself', 'document']),
  registered_at: epochSeconds,
  verified: z.boolean().describe('Operators have checked who runs it.'),
  blocked: z.boolean(),
  owners: z.array(owner).describe('Who looks after it on the pages for that; empty where operators do.'),
  secrets: z.array(secret),
  warnings: z.array(z.string()).describe('What to do about its secrets, a sentence each.'),
  authorizations: z.int().describe('How many people have authorized it.'),
  last_used_at: epochSeconds.optional().describe('When it last got a token, as exact as a day.'),
  errors: z
    .array(z.strictObject({ day: z.string(), counts: z.record(z.string(), z.int()) }))
    .describe('Requests that named it and were refused, by reason, of the last 30 days.'),
});

const wireService = ({ client, activity }: SeenService, now: number): z.infer<typeof service> => ({
  client_id: client.clientId,
  client_name: client.name,
  registered_by: client.registrant.by,
  registered_at: client.createdAt,
  verified: client.verified !== undefined,
  blocked: client.blocked,
  owners: (client.registrant.by === 'person' ? client.registrant.owners : []).map((one) => ({
    person: one.userKey,
    name: one.name,
    account: one.accountName,
    since: one.since,
  })),
  secrets: client.secrets.map((one) => ({
    id: one.id,
    ...(one.name === undefined ? {} : { name: one.name }),
    created_at: one.createdAt,
    expires_at: one.expiresAt,
    ends_soon: endsSoon(one, now),
  })),
  warnings: [...secretWarnings(client, now)],
  authorizations: activity.authorizations,
  ...(activity.lastUsedAt === undefined ? {} : { last_used_at: activity.lastUsedAt }),
  errors: activity.errors.map(({ day, counts }) => ({ day, counts: { ...counts } })),
});

const list = operation({
  name: 'listServices',
  method: 'GET',
  route: 'services',
  role: 'auditor',
  summary: 'Lists services with their owners, secrets, authorizations, last use and errors',
  query: pageQuery.extend({
    limit: z.coerce.number().int().min(1).max(50).default(25),
    client_id: z.string().max(2_000).optional().describe('This one alone.'),
  }),
  answer: z.strictObject({ services: z.array(service), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, acting) => {
    const { cursor } = await acting.server.keys();
    const after = query.after === undefined ? undefined : openCursor('services', query.after, cursor);
    const { services, next } = await seenServices({ after, limit: query.limit, clientId: query.client_id }, acting);
    const now = acting.server.clock();
    return {
      body: {
        services: services.map((one) => wireService(one, now)),
        ...(next === undefined ? {} : { next: sealCursor('services', next, cursor) }),
      },
    };
  },
});

/** In the order of the documentation. */
export const serviceOperations: readonly Operation[] = [list];
