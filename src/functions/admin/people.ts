/** Operations on people: finding them, and what they authorized. Each is in the audit log before it is answered. */
import * as z from 'zod';
import { authorizationsOfPerson } from '../../flows/operators/authorizations.ts';
import { findPeople, readPerson, type Sought } from '../../flows/operators/people.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import type { KnownPerson } from '../../storage/people.ts';
import { heldAuthorization, wireHeld } from './authorizations.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';

/** As the audit log names people. */
export const pseudonym = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

const name = z.string().min(1).max(256).optional();

const person = z.strictObject({
  person: pseudonym.describe('A pseudonym, as in the audit log.'),
  name: z.string(),
  account: z.string(),
  first_sign_in_at: epochSeconds.optional(),
  last_sign_in_at: epochSeconds.optional(),
});

const wirePerson = (one: KnownPerson): z.infer<typeof person> => ({
  person: one.userKey.toString('hex'),
  name: one.displayName,
  account: one.accountName,
  ...(one.firstSignInAt === undefined ? {} : { first_sign_in_at: one.firstSignInAt }),
  ...(one.lastSignInAt === undefined ? {} : { last_sign_in_at: one.lastSignInAt }),
});

const sought = z
  .object({
    account: name.describe('The name of the account, in any letter case.'),
    subject: name.describe('The stable claim at the sign-in provider; for Entra ID the object id.'),
  })
  .refine(({ account, subject }) => (account === undefined) !== (subject === undefined), {
    message: 'name one of account and subject',
  });

const soughtFrom = ({ account, subject }: z.infer<typeof sought>): Sought =>
  account === undefined ? { subject: subject ?? '' } : { account };

const find = operation({
  name: 'findPeople',
  method: 'GET',
  route: 'people',
  role: 'auditor',
  summary: 'Finds people who have signed in, by the name of their account or their subject',
  query: sought,
  answer: z.strictObject({ people: z.array(person) }),
  status: 200,
  refusals: [],
  run: async ({ query }, acting) => ({
    body: { people: (await findPeople(soughtFrom(query), acting)).map(wirePerson) },
  }),
});

const path = z.object({ person: pseudonym });

const read = operation({
  name: 'readPerson',
  method: 'GET',
  route: 'people/{person}',
  role: 'auditor',
  summary: 'Reads who somebody is',
  path,
  answer: person,
  status: 200,
  refusals: ['operation_malformed', 'person_unknown'],
  run: async (input, acting) => ({ body: wirePerson(await readPerson(Buffer.from(input.path.person, 'hex'), acting)) }),
});

const authorizations = operation({
  name: 'listAuthorizationsOfPerson',
  method: 'GET',
  route: 'people/{person}/authorizations',
  role: 'auditor',
  summary: 'Lists what somebody authorized, revoked ones of the last day as well',
  path,
  query: pageQuery,
  answer: z.strictObject({ authorizations: z.array(heldAuthorization), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async (input, acting) => {
    const { cursor } = await acting.server.keys();
    const list = `authorizations of ${input.path.person}`;
    const after = input.query.after === undefined ? undefined : openCursor(list, input.query.after, cursor);
    const page = { after, limit: input.query.limit };
    const { held, next } = await authorizationsOfPerson(Buffer.from(input.path.person, 'hex'), page, acting);
    return {
      body: {
        authorizations: held.map(wireHeld),
        ...(next === undefined ? {} : { next: sealCursor(list, next, cursor) }),
      },
    };
  },
});

/** In the order of the documentation. */
export const peopleOperations: readonly Operation[] = [find, read, authorizations];
