/** Operations on authorizations: who authorized a service, and what one of them is. */
import * as z from 'zod';
import { authorizationName, ownerNamed } from '../../flows/operators/authorization-name.ts';
import {
  authorizationsOfService,
  type Held,
  type Listed,
  readAuthorization,
} from '../../flows/operators/authorizations.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { versionOf } from '../../oauth/access/version.ts';
import { type Family, lastUsedAt } from '../../oauth/grants/family.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';
import { permission, wirePermission } from './policy.ts';

/** Person and service, as the audit log and a person's own page name them. */
export const authorizationId = z
  .string()
  .regex(/^[0-9a-f]{64}\.[0-9a-f]{32}$/, 'must be the id of an authorization')
  .describe('Of an authorization; it stays the same when somebody authorizes the same service again.');

const person = z.string().describe('A pseudonym, as in the audit log.');

/** As its own row has it. */
export const heldAuthorization = z.strictObject({
  id: authorizationId,
  person,
  client_id: z.string(),
  client_name: z.string().describe('As it was when the person decided.'),
  in_force: z.boolean().describe('False for what was revoked or voided, or has expired.'),
  granted_at: epochSeconds,
  expires_at: epochSeconds,
  permissions: z.array(permission),
  sessions: z.int().describe('Authorization sessions that are alive.'),
  last_used_at: epochSeconds.optional(),
});

export const wireHeld = ({ owner, grant, sessions, inForce }: Held): z.infer<typeof heldAuthorization> => ({
  id: authorizationName(owner),
  person: owner.userKey.toString('hex'),
  client_id: grant.clientId,
  client_name: grant.clientName,
  in_force: inForce,
  granted_at: grant.grantedAt,
  expires_at: grant.expiresAt,
  permissions: grant.permissions.map(wirePermission),
  sessions: sessions.length,
  ...(sessions.length === 0 ? {} : { last_used_at: Math.max(...sessions.map(lastUsedAt)) }),
});

/** As the index has it. */
const listedAuthorization = z.strictObject({
  id: authorizationId,
  person,
  name: z.string(),
  account: z.string(),
  in_force: z.boolean(),
  granted_at: epochSeconds,
  expires_at: epochSeconds,
  permissions: z.int().describe('How many.'),
});

const wireListed = ({ entry, inForce }: Listed): z.infer<typeof listedAuthorization> => ({
  id: authorizationName(entry),
  person: entry.userKey.toString('hex'),
  name: entry.displayName,
  account: entry.accountName,
  in_force: inForce,
  granted_at: entry.grantedAt,
  expires_at: entry.expiresAt,
  permissions: entry.permissionCount,
});

const list = operation({
  name: 'listAuthorizationsOfService',
  method: 'GET',
  route: 'authorizations',
  role: 'auditor',
  summary: 'Counts and lists who authorized a service, a second or two behind',
  query: pageQuery.extend({ client_id: z.string().min(1).max(256) }),
  answer: z.strictObject({
    count: z.int().describe('Of all; those that have expired since yesterday may be among them.'),
    authorizations: z.array(listedAuthorization),
    ...nextPage,
  }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, acting) => {
    const { cursor } = await acting.server.keys();
    const name = `authorizations at ${query.client_id}`;
    const after = query.after === undefined ? undefined : openCursor(name, query.after, cursor);
    const page = { after, limit: query.limit };
    const { count, listed, next } = await authorizationsOfService(query.client_id, page, acting);
    return {
      body: {
        count,
        authorizations: listed.map(wireListed),
        ...(next === undefined ? {} : { next: sealCursor(name, next, cursor) }),
      },
    };
  },
});

const session = z.strictObject({
  id: z.string().describe('As the audit log names it (`family`).'),
  state: z.enum(['code', 'active']).describe('A code has not been redeemed yet.'),
  created_at: epochSeconds,
  last_used_at: epochSeconds,
  expires_at: epochSeconds,
  used_by: z.string().optional().describe('What kind of program, by its own word.'),
  used_from: z.string().optional().describe('A network or a country.'),
  permissions: z.array(permission),
});

const wireSession = (family: Family): z.infer<typeof session> => ({
  id: family.address.familyId.toString('hex'),
  state: family.state === 'code' ? 'code' : 'active',
  created_at: family.createdAt,
  last_used_at: lastUsedAt(family),
  expires_at: family.absoluteExpiresAt,
  ...(family.use === undefined ? {} : { used_by: family.use.by }),
  ...(family.use?.from === undefined ? {} : { used_from: family.use.from }),
  permissions: family.resources.flatMap((resource) => family.scopes.map((scope) => ({ resource, scope }))),
});

const authorization = heldAuthorization.omit({ sessions: true }).extend({
  client_uri: z.string().optional(),
  redirect_hosts: z.array(z.string()),
  lasting: z.enum(['once', '30 days', 'until revoked']).describe('What the person chose.'),
  declined: z.array(permission).describe('What was asked for and left out.'),
  by_operator: z.array(permission).describe('What operators approved for everyone, and nobody asked the person for.'),
  sessions: z.array(session),
});

const wireAuthorization = (held: Held): z.infer<typeof authorization> => {
  const { grant, sessions } = held;
  return {
    ...wireHeld(held),
    ...(grant.clientUri === undefined ? {} : { client_uri: grant.clientUri }),
    redirect_hosts: [...grant.redirectHosts],
    lasting: grant.lasting,
    declined: grant.declined.map(wirePermission),
    by_operator: grant.byOperator.map(wirePermission),
    sessions: sessions.map(wireSession),
  };
};

const read = operation({
  name: 'readAuthorization',
  method: 'GET',
  route: 'authorizations/{id}',
  role: 'auditor',
  summary: 'Reads an authorization, with its sessions',
  path: z.object({ id: authorizationId }),
  answer: authorization,
  status: 200,
  versionShown: true,
  refusals: ['operation_malformed', 'authorization_unknown'],
  run: async ({ path }, acting) => {
    const held = await readAuthorization(ownerNamed(path.id), acting);
    return { body: wireAuthorization(held), etag: versionOf(held.grant.etag) };
  },
});

/** In the order of the documentation. */
export const authorizationOperations: readonly Operation[] = [list, read];
