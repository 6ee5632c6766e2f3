/** Operations on initial access tokens, with which clients register themselves (RFC 7591 §1.2). */
import * as z from 'zod';
import {
  describedToken,
  issueInitialToken,
  readInitialToken,
  withdrawInitialToken,
} from '../../flows/operators/registration-tokens.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';

const day = 86_400;

const described = z.strictObject({
  id: z.string(),
  issued_by: z.string(),
  created_at: epochSeconds,
  expires_at: epochSeconds,
  uses_left: z.int().min(0),
});

const path = z.object({ id: z.string() });

const issue = operation({
  name: 'issueRegistrationToken',
  method: 'POST',
  route: 'registration-tokens',
  role: 'operator',
  summary: 'Makes a token, shown once, with which so many services may register themselves',
  body: z.strictObject({
    expires_in: z
      .int()
      .min(60)
      .max(365 * day)
      .default(day)
      .describe('Seconds; a day when left out.'),
    uses: z.int().min(1).max(10_000).default(1).describe('How many services may register with it.'),
  }),
  answer: described.extend({ registration_token: z.string() }),
  status: 201,
  creates: true,
  refusals: [],
  run: async ({ body }, acting) => {
    const asked = { lifetimeSeconds: body.expires_in, uses: body.uses };
    const { text, stored } = await issueInitialToken(asked, acting);
    return {
      body: { ...describedToken(stored), registration_token: text },
      location: `/api/admin/registration-tokens/${stored.id}`,
    };
  },
});

const list = operation({
  name: 'listRegistrationTokens',
  method: 'GET',
  route: 'registration-tokens',
  role: 'auditor',
  summary: 'Lists the tokens and what is left of each, for a day after their end',
  query: pageQuery,
  answer: z.strictObject({ tokens: z.array(described), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, { server }) => {
    const { cursor } = await server.keys();
    const after = query.after === undefined ? undefined : openCursor('registration tokens', query.after, cursor);
    const { tokens, next } = await server.store.registrationTokens.list({ after, limit: query.limit });
    return {
      body: {
        tokens: tokens.map(describedToken),
        ...(next === undefined ? {} : { next: sealCursor('registration tokens', next, cursor) }),
      },
    };
  },
});

const read = operation({
  name: 'readRegistrationToken',
  method: 'GET',
  route: 'registration-tokens/{id}',
  role: 'auditor',
  summary: 'Reads what is left of a token',
  path,
  answer: described,
  status: 200,
  refusals: ['initial_token_not_found'],
  run: async (input, acting) => ({ body: describedToken(await readInitialToken(input.path.id, acting)) }),
});

const withdraw = operation({
  name: 'withdrawRegistrationToken',
  method: 'DELETE',
  route: 'registration-tokens/{id}',
  role: 'operator',
  summary: 'Withdraws a token: nobody registers with it any more',
  path,
  status: 204,
  refusals: ['initial_token_not_found', 'initial_token_used_meanwhile'],
  run: async (input, acting) => {
    await withdrawInitialToken(input.path.id, acting);
    return {};
  },
});

/** In the order of the documentation. */
export const registrationTokenOperations: readonly Operation[] = [list, issue, read, withdraw];
