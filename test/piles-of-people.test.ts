/**
 * Very many authorizations of very many people cost whoever administers no more than few: every list stays within its stated
 * number of transactions. `PILE_ROWS=100000` makes a hundred thousand, of ten thousand people.
 */
import { createHash } from 'node:crypto';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dataIdentity, storageAudience } from '../local/identity/identities.ts';
import { type Admin, adminWith, ownTokenOf } from './support/admin.ts';
import { fire, pseudonymOf } from './support/audit.ts';
import { indexOf, indexPartitionOf, repairAround } from './support/index.ts';
import { signedInAt } from './support/people.ts';
import { type StoredRow, storedRows } from './support/rows.ts';
import { demoServices, register } from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

const servicesOfEach = 10;
const people = Math.ceil(Number(process.env.PILE_ROWS ?? 3_000) / servicesOfEach);
const patienceMilliseconds = 120_000 + people * servicesOfEach * 20;
/** Every call of the admin API reads its client's row, whether its token was revoked, and the not-before instants. */
const authenticating = 3;

let stack: Stack;
let call: Admin;
const clientIds: string[] = [];

const openAt = (name: string): TableClient => {
  const getToken = async () => ({
    token: await stack.identity.issue(dataIdentity, storageAudience),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const url = `https://localhost:${stack.ports.tables}/devstoreaccount1`;
  return new TableClient(url, name, { getToken }, { tlsOptions: { ca: stack.certificate.authority } });
};

const personAt = (index: number): string => createHash('sha256').update(`person ${index}`).digest('hex');

type Columns = Readonly<Record<string, unknown>>;

const columnsOf = (row: StoredRow | undefined): Columns =>
  Object.fromEntries(
    Object.entries(row ?? {}).filter(([name]) => !/^(PartitionKey|RowKey|Timestamp|odata)/.test(name)),
  );

type Like = { readonly grants: ReadonlyMap<string, Columns>; readonly entries: ReadonlyMap<string, Columns> };

/** A profile and the grants of each person, in one batch. */
const plantPeople = async ({ grants }: Like): Promise<void> => {
  const table = openAt('users');
  const waiting = Array.from({ length: people }, (_, at) => at).values();
  const work = async (): Promise<void> => {
    for (const at of waiting) {
      const partitionKey = personAt(at);
      const profile = {
        partitionKey,
        rowKey: 'profile',
        displayName: `Person ${at}`,
        accountName: `p${at}@contoso.example`,
      };
      const rows = [...grants].map(([client, columns]) => ({ ...columns, partitionKey, rowKey: `grant:${client}` }));
      await table.submitTransaction([profile, ...rows].map((row): TransactionAction => ['create', row]));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
};

/** The rows of a service, with counters that are right. */
const plantIndex = async (client: string, columns: Columns | undefined): Promise<void> => {
  const table = openAt('index');
  const keys = Array.from({ length: people }, (_, at) => personAt(at));
  const like = pseudonymOf(stack, 'alice');
  const counters = [...Map.groupBy([...keys, like], (key) => key.slice(0, 1))].map(([slot, ofSlot]) => ({
    partitionKey: client,
    rowKey: `count:${slot}`,
    count: ofSlot.length,
  }));
  const entries = keys.map((key) => ({ ...columns, partitionKey: client, rowKey: `user:${key}` }));
  for (let start = 0; start < entries.length; start += 100)
    await table.submitTransaction(entries.slice(start, start + 100).map((row): TransactionAction => ['create', row]));
  await table.submitTransaction(counters.map((row): TransactionAction => ['upsert', row, 'Replace']));
};

/** What one person's rows are like. */
const rowsOfAlice = async (): Promise<Like> => {
  const rows = await storedRows(stack, 'users', pseudonymOf(stack, 'alice'));
  const [grants, entries] = [new Map<string, Columns>(), new Map<string, Columns>()];
  for (const clientId of clientIds) {
    const client = indexPartitionOf(clientId);
    const grant = columnsOf(rows.find(({ RowKey }) => RowKey === `grant:${client}`));
    grants.set(client, { ...grant, families: '' });
    entries.set(client, columnsOf((await indexOf(stack, clientId)).entries[0]));
  }
  return { grants, entries };
};

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
  const alice = await signedInAt(stack);
  for (let count = 0; count < servicesOfEach; count++) {
    const service = await register(stack.issuer);
    await service.code(alice, { scope: 'vso.work' });
    clientIds.push(service.registration.clientId);
  }
  const indexed = async () => Promise.all(clientIds.map(async (one) => (await indexOf(stack, one)).count));
  await vi.waitFor(async () => expect(await indexed()).toEqual(clientIds.map(() => 1)), {
    timeout: 60_000,
    interval: 100,
  });
  const like = await rowsOfAlice();
  await plantPeople(like);
  for (const [client, columns] of like.entries) await plantIndex(client, columns);
}, patienceMilliseconds);

afterAll(() => stack.stop());

/** The answer's body, and how many transactions it took beside those of who asks. */
const counted = async (method: string, path: string, body?: unknown) => {
  await call('GET', 'policy');
  stack.tableProxy.requests.length = 0;
  const answer = await call(method, path, body === undefined ? {} : { body });
  expect(answer.status).toBeLessThan(300);
  return { body: answer.body, transactions: stack.tableProxy.requests.length - authenticating };
};

const serviceAt = (index: number): string => clientIds[index] ?? '';

describe(`${people * servicesOfEach} authorizations of ${people} people`, () => {
  it('are counted and listed by service in 3 transactions a page', async () => {
    const { body, transactions } = await counted('GET', `authorizations?client_id=${serviceAt(0)}`);
    expect([body.count, (body.authorizations as unknown[]).length, transactions]).toEqual([people + 1, 100, 3]);
    const next = await counted('GET', `authorizations?client_id=${serviceAt(0)}&after=${body.next}`);
    expect([next.body.count, next.transactions]).toEqual([people + 1, 3]);
  });

  it('are listed by person in 2, read in 3, and people are found in 12 at most', async () => {
    const person = personAt(7);
    const list = await counted('GET', `people/${person}/authorizations`);
    expect([(list.body.authorizations as unknown[]).length, list.transactions]).toEqual([servicesOfEach, 2]);
    const one = await counted('GET', `authorizations/${person}.${indexPartitionOf(serviceAt(1))}`);
    expect([one.body.person, one.transactions]).toEqual([person, 3]);
    const found = await counted('GET', `people?account=alice%40contoso.example`);
    expect(found.body.people).toHaveLength(1);
    expect(found.transactions).toBeLessThanOrEqual(12);
  });

  it('are counted beside their services in 1 for each, and 2', async () => {
    const { body, transactions } = await counted('GET', 'services?limit=10');
    expect([(body.services as unknown[]).length, transactions]).toEqual([10, 2 + 10]);
  });

  it('are previewed in 3 where a service is meant as a whole, in 2 of a person, and in 22 at most by a rule', async () => {
    const whole = await counted('POST', 'endings/preview', { client_id: serviceAt(2) });
    expect([whole.body.count, whole.body.complete, whole.transactions]).toEqual([people + 1, true, 3]);
    const ofPerson = await counted('POST', 'endings/preview', { person: personAt(3) });
    expect([ofPerson.body.count, ofPerson.transactions]).toEqual([servicesOfEach, 2]);
    const permission = { resource: 'https://api.assent.localhost', scope: 'vso.work' };
    const byRule = await counted('POST', 'endings/preview', { client_id: serviceAt(2), permission });
    expect([byRule.body.count, byRule.body.complete]).toEqual([people + 1, true]);
    expect(byRule.transactions).toBeLessThanOrEqual(22);
  });

  it(
    'are found in order by the timer, a part of them at a run',
    async () => {
      const before = await Promise.all(
        clientIds.map(async (one) => (await counted('GET', `authorizations?client_id=${one}`)).body.count),
      );
      stack.tableProxy.deliveries.length = 0;
      await repairAround(stack, 'alice');
      // A slice of the grants: a page of them, and a range of each service; of the index, a row each of 1,000 at most.
      expect(stack.tableProxy.deliveries.length).toBeLessThan(2 * 1_000 + 200);
      expect(stack.hostOutput()).not.toContain('index_repaired');
      const after = await Promise.all(
        clientIds.map(async (one) => (await counted('GET', `authorizations?client_id=${one}`)).body.count),
      );
      expect(after).toEqual(before);
    },
    patienceMilliseconds,
  );

  it(
    'are ended, all of a service, each once, while the others stay',
    async () => {
      const clientId = serviceAt(4);
      const { body } = await counted('POST', 'endings', { client_id: clientId });
      const read = async () => {
        // A process works at it for some minutes; then the timer goes on.
        await fire(stack, 'endings');
        return (await call('GET', `endings/${body.id}`)).body;
      };
      await expect.poll(read, { timeout: patienceMilliseconds, interval: 2_000 }).toMatchObject({ state: 'done' });
      expect(await read()).toMatchObject({ ended: people + 1, examined: people + 1 });
      const rows = await storedRows(stack, 'users', personAt(11));
      expect(rows.filter(({ kind }) => kind === 'ended by operator')).toHaveLength(1);
      const count = async () => (await counted('GET', `authorizations?client_id=${clientId}`)).body.count;
      await expect.poll(count, { timeout: patienceMilliseconds, interval: 500 }).toBe(0);
      expect((await counted('GET', `authorizations?client_id=${serviceAt(5)}`)).body.count).toBe(people + 1);
    },
    patienceMilliseconds,
  );
});
