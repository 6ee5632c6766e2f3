/** A person who has themselves erased, as a scenario for faults of the storage. */

import { findUser } from '../../local/provider/users.ts';
import { userKeyOf } from '../../src/oauth/tokens/locator.ts';
import { eraseMe, formTokenIn, pageOf, textOf } from '../support/managing.ts';
import { personAt } from '../support/people.ts';
import { storedRows } from '../support/rows.ts';
import { register } from '../support/service.ts';
import { tellDue } from '../support/sign-out.ts';
import type { Scenario } from './cases.ts';

/** The timer has done its part within as many runs. */
const runs = 10;

/** The lanes' own person stays: this one comes anew for each case, one case at a time. */
export const erasure: Scenario = {
  name: 'an erasure',
  operations: 17,
  audience: 'people',
  isImpersonal: true,
  faults: [{ kind: 'status-500-after-commit' }, { kind: 'throttle' }],
  prepare: async ({ stack }) => {
    const person = personAt(stack, 'bob');
    const key = userKeyOf(stack.provider.issuer, findUser('bob')?.objectId ?? '').toString('hex');
    const service = await register(stack.issuer);
    const tokens = await service.tokens(person, { scope: 'vso.work' });
    const page = await pageOf(person, `${stack.issuer}/my-data/erase`);
    const erased = async (): Promise<boolean> => {
      await stack.clock.move(301);
      await tellDue(stack);
      return (await storedRows(stack, 'users', key)).length === 0;
    };
    return {
      marks: [key],
      send: () =>
        person.send(`${stack.issuer}/my-data/erase`, {
          method: 'POST',
          body: new URLSearchParams({ token: formTokenIn(page), confirmed: 'yes' }),
          headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
        }),
      // Whose session went before the answer did signs in again.
      again: async () => new Response(textOf(await eraseMe(person, stack.issuer))),
      problem: ({ status, text }) =>
        status === 200 && text.includes('You are erased') ? undefined : `${status} ${text}`,
      afterwards: async () => {
        // What the answer left for the timer is done by it.
        let isGone = false;
        for (let run = 0; run < runs && !isGone; run++) isGone = await erased();
        if (!isGone) return 'something is left';
        const { status } = await service.refresh(tokens.refresh_token);
        return status === 400 ? undefined : `the service gets on: ${status}`;
      },
    };
  },
};
