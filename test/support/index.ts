/** The index of a stack: who authorized a service, as its rows say. */

import { expect } from 'vitest';
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { pseudonymOf, purgeTimes } from './audit.ts';
import type { Login } from './people.ts';
import { putRow, type StoredRow, storedRows } from './rows.ts';
import type { Stack } from './stack.ts';

type Index = {
  /** The sum of the counters. */
  readonly count: number;
  /** Rows of people. */
  readonly entries: readonly StoredRow[];
};

export const indexPartitionOf = (clientId: string): string => clientKeyOf(clientId).toString('hex');

/** What the index has of a service. */
export const indexOf = async (stack: Stack, clientId: string): Promise<Index> => {
  const rows = await storedRows(stack, 'index', indexPartitionOf(clientId));
  const counters = rows.filter(({ RowKey }) => RowKey.startsWith('count:'));
  return {
    count: counters.reduce((sum, { count }) => sum + Number(count), 0),
    entries: rows.filter(({ RowKey }) => RowKey.startsWith('user:')),
  };
};

/** The keys of a person's row there. */
export const entryOf = (stack: Stack, clientId: string, login: Login) => ({
  PartitionKey: indexPartitionOf(clientId),
  RowKey: `user:${pseudonymOf(stack, login)}`,
});

/** Runs the timer when the turn of this person's slice has come, and waits until it has put the index in order. */
export const repairAround = async (stack: Stack, login: Login): Promise<void> => {
  const cursor = { PartitionKey: 'sweep', RowKey: 'index' };
  const slice = Number.parseInt(pseudonymOf(stack, login).slice(0, 2), 16);
  await putRow(stack, 'deployment', { ...cursor, slice, after: '', behind: '' });
  await purgeTimes(stack, 1);
  const next = async () =>
    (await storedRows(stack, 'deployment', 'sweep')).find(({ RowKey }) => RowKey === 'index')?.slice;
  await expect.poll(next, { timeout: 60_000 }).toBe((slice + 1) % 256);
};
