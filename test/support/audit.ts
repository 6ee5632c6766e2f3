/** The audit log of a stack, and the timer that brings into it what a process has left behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { localMasterKey } from '../../local/host/admin.ts';
import { users } from '../../local/provider/users.ts';
import { userKeyOf } from '../../src/oauth/tokens/locator.ts';
import type { Login } from './people.ts';
import { auditRows, type StoredRow } from './rows.ts';
import type { Stack } from './stack.ts';

/** Hex of a person's user key, as the log names them. */
export const pseudonymOf = (stack: Pick<Stack, 'provider'>, login: Login): string => {
  const subject = users.find((user) => user.login === login)?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

const patienceMilliseconds = 60_000;
const pollMilliseconds = 100;

/** The rows of today that `isIt` finds, as soon as there are `count` of them. Rejects with those that are there. */
export const audited = async (
  stack: Stack,
  isIt: (row: StoredRow) => boolean,
  count = 1,
): Promise<readonly StoredRow[]> => {
  const endsAt = performance.now() + patienceMilliseconds;
  for (;;) {
    const found = (await auditRows(stack)).filter(isIt);
    if (found.length >= count) return found;
    if (performance.now() > endsAt) throw new Error(`not in the audit log: ${JSON.stringify(found)}`);
    await sleep(pollMilliseconds);
  }
};

/** Fires a timer; its run may go on when this resolves. */
export const fire = async (stack: Stack, timer = 'purge'): Promise<void> => {
  const answer = await fetch(`${stack.issuer}/admin/functions/${timer}`, {
    method: 'POST',
    headers: { 'x-functions-key': localMasterKey, 'content-type': 'application/json' },
    body: '{}',
  });
  if (answer.status !== 202) throw new Error(`the timer answered ${answer.status}`);
};

const purges = (stack: Stack): number => stack.hostOutput().split('"event":"purged"').length - 1;

/** Fires the timer so often, each run after the one before. */
export const purgeTimes = async (stack: Stack, times: number): Promise<void> => {
  for (let run = 0; run < times; run++) {
    const before = purges(stack);
    await fire(stack);
    for (let waited = 0; purges(stack) === before; waited++) {
      if (waited > 6_000) throw new Error('the sweep does not end');
      await sleep(10);
    }
  }
};
