/** The operation for incidents: what was issued up to now is void. */
import * as z from 'zod';
import { voidIssued } from '../../flows/operators/not-before.ts';
import { epochSeconds, type Operation, operation } from './operation.ts';

/** No client_id of ours and no subject (OpenID Connect Core §2) is longer; the audit keeps it in one column. */
const name = z.string().min(1).max(256);

const body = z.union(
  [
    z.strictObject({ everyone: z.literal(true) }),
    z.strictObject({ client_id: name }),
    z.strictObject({ subject: name.describe('The stable claim at the sign-in provider; for Entra ID the object id.') }),
  ],
  'name one of everyone, client_id or subject',
);

const set = operation({
  name: 'voidIssued',
  method: 'POST',
  route: 'not-before',
  role: 'operator',
  summary: 'Voids everything issued up to now to a service, to a person, or to everyone',
  body,
  answer: z.strictObject({ not_before: epochSeconds, found: z.boolean().describe('Whether there is such a one.') }),
  status: 200,
  refusals: [],
  run: async (input, acting) => {
    const { instant, found } = await voidIssued(input.body, acting);
    return { body: { not_before: instant, found } };
  },
});

/** In the order of the documentation. */
export const notBeforeOperations: readonly Operation[] = [set];
