/** The index of authorizations by service: it follows what people decide, and is put right where it does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudonymOf, purgeTimes } from '../../support/audit.ts';
import { entryOf, indexOf, indexPartitionOf, repairAround } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import { revokeAll } from '../../support/revoking.ts';
import { changeRow, deleteRow, putRow, storedRows } from '../../support/rows.ts';
import { register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
});

afterAll(() => stack.stop());

/** Every slice of people's events, four a run. */
const runsOfAPass = 64;
const patience = { timeout: 60_000, interval: 100 };

const idOf = ({ registration }: Awaited<ReturnType<typeof register>>): string => registration.clientId;

/** How many there are by the counters, and how many rows. */
const sizesOf = async (clientId: string): Promise<readonly number[]> => {
  const { count, entries } = await indexOf(stack, clientId);
  return [count, entries.length];
};

const authorizedBy = async (...logins: readonly Login[]): Promise<string> => {
  const service = await register(stack.issuer);
  for (const login of logins) await service.code(await signedInAt(stack, login));
  await expect.poll(() => sizesOf(idOf(service)), patience).toEqual([logins.length, logins.length]);
  return idOf(service);
};

describe('the index of a service', () => {
  it('has who authorized it, since when and how much, and no longer whoever revoked', async () => {
    const [alice, bob] = [await signedInAt(stack, 'alice'), await signedInAt(stack, 'bob')];
    const service = await register(stack.issuer);
    const clientId = idOf(service);
    await service.code(alice, { scope: 'vso.work' });
    await service.code(bob, { scope: 'vso.work vso.code' });
    await expect.poll(() => sizesOf(clientId), patience).toEqual([2, 2]);
    const { entries } = await indexOf(stack, clientId);
    const mine = entries.find(({ RowKey }) => RowKey.endsWith(pseudonymOf(stack, 'alice')));
    expect(mine).toMatchObject({ clientId, clientName: 'Fabrikam Reports', permissionCount: 1 });
    expect(mine).toMatchObject({ displayName: expect.stringMatching(/./), accountName: expect.stringMatching(/./) });
    await service.code(alice, { scope: 'vso.work vso.build' });
    const permissions = async () => (await indexOf(stack, clientId)).entries.map((one) => Number(one.permissionCount));
    await expect.poll(async () => (await permissions()).toSorted(), patience).toEqual([2, 2]);
    await revokeAll(alice, stack.issuer);
    await expect.poll(() => sizesOf(clientId), patience).toEqual([1, 1]);
  });

  it('is exact however many decide at once, and after each of it', async () => {
    const service = await register(stack.issuer);
    const clientId = idOf(service);
    const logins = ['alice', 'bob', 'olga', 'audrey'] as const;
    const people = await Promise.all(logins.map((login) => signedInAt(stack, login)));
    await Promise.all(people.map((person) => service.code(person)));
    await expect.poll(() => sizesOf(clientId), patience).toEqual([4, 4]);
    await Promise.all(people.slice(1).map((person) => revokeAll(person, stack.issuer)));
    await expect.poll(() => sizesOf(clientId), patience).toEqual([1, 1]);
  });

  it('counts nobody twice when what it is told gets lost, or comes again', async () => {
    let lost = 0;
    stack.tableProxy.deliveryRule = ({ path, bodyStart }) => {
      if (lost >= 3 || !(path.startsWith('/$batch') && bodyStart.includes('/index'))) return undefined;
      lost += 1;
      return { kind: 'reset-after-commit' };
    };
    const clientId = await authorizedBy('alice', 'bob');
    stack.tableProxy.deliveryRule = undefined;
    expect(lost).toBeGreaterThan(0);
    expect(await sizesOf(clientId)).toEqual([2, 2]);
  });
});

describe('the timer', () => {
  it('adds the row of a grant that has none, and changes one that says something else', async () => {
    const clientId = await authorizedBy('alice', 'bob');
    await deleteRow(stack, 'index', entryOf(stack, clientId, 'alice'));
    await changeRow(stack, 'index', { ...entryOf(stack, clientId, 'bob'), permissionCount: 77 });
    for (const login of ['alice', 'bob'] as const) await repairAround(stack, login);
    const { count, entries } = await indexOf(stack, clientId);
    expect([count, entries.length]).toEqual([2, 2]);
    expect(entries.map(({ permissionCount }) => permissionCount)).toEqual([2, 2]);
  });

  it('removes rows of nobody’s grant, of one that has expired, and names of people who are gone', async () => {
    const clientId = await authorizedBy('alice', 'bob');
    const nobody = `user:${'ab'.repeat(32)}`;
    const [row] = await storedRows(stack, 'index', indexPartitionOf(clientId));
    if (row === undefined) throw new Error('no rows');
    await putRow(stack, 'index', { clientId, ...entryOf(stack, clientId, 'alice'), RowKey: nobody });
    await putRow(stack, 'index', { PartitionKey: 'cd'.repeat(32), RowKey: `person:${'ab'.repeat(32)}` });
    const grant = { PartitionKey: pseudonymOf(stack, 'bob'), RowKey: `grant:${indexPartitionOf(clientId)}` };
    await changeRow(stack, 'users', { ...grant, expiresAt: 1 });
    for (const login of ['alice', 'bob'] as const) await repairAround(stack, login);
    const { count, entries } = await indexOf(stack, clientId);
    expect([count, entries.map(({ RowKey }) => RowKey)]).toEqual([1, [entryOf(stack, clientId, 'alice').RowKey]]);
    expect(await storedRows(stack, 'index', 'cd'.repeat(32))).toEqual([]);
  });

  it('counts again where a counter is wrong, or gone', async () => {
    const [wrong, gone] = [await authorizedBy('alice', 'bob'), await authorizedBy('alice')];
    const slot = (login: Login) => `count:${pseudonymOf(stack, login).slice(0, 1)}`;
    await changeRow(stack, 'index', { PartitionKey: indexPartitionOf(wrong), RowKey: slot('alice'), count: 40 });
    await deleteRow(stack, 'index', { PartitionKey: indexPartitionOf(gone), RowKey: slot('alice') });
    expect(await sizesOf(gone)).toEqual([0, 1]);
    await repairAround(stack, 'alice');
    expect([await sizesOf(wrong), await sizesOf(gone)]).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  it('does what a process that was killed has left', async () => {
    const service = await register(stack.issuer);
    const alice = await signedInAt(stack);
    stack.tableProxy.deliveryRule = () => ({ kind: 'hang' });
    await service.code(alice);
    await stack.killHost();
    stack.tableProxy.deliveryRule = undefined;
    expect(await sizesOf(idOf(service))).toEqual([0, 0]);
    await stack.restartHost();
    await stack.clock.move(150);
    await purgeTimes(stack, runsOfAPass);
    await expect.poll(() => sizesOf(idOf(service)), patience).toEqual([1, 1]);
  });
});
