/** Services as operators see them: who looks after them, their secrets, who authorized them, when they were used, what was refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { purgeTimes } from '../../support/audit.ts';
import { indexPartitionOf } from '../../support/index.ts';
import { signedInAt } from '../../support/people.ts';
import { putRow, storedRows } from '../../support/rows.ts';
import { demoServices, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
});

afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 100 };
const authenticating = 3;
const today = new Date().toISOString().slice(0, 10);

type Seen = Readonly<Record<string, unknown>> & { readonly client_id: string };

const all = async (): Promise<readonly Seen[]> =>
  (await call('GET', 'services?limit=50')).body.services as readonly Seen[];

const seen = async ({ registration }: Service): Promise<Seen | undefined> =>
  (await all()).find((one) => one.client_id === registration.clientId);

describe('a service', () => {
  it('is shown with its secrets and when they end, how many authorized it, and when it was last used', async () => {
    const service = await register(stack.issuer);
    expect(await seen(service)).toMatchObject({
      registered_by: 'operator',
      owners: [],
      secrets: [{ ends_soon: false }],
      warnings: [],
      authorizations: 0,
      errors: [],
    });
    await call('POST', `apps/${service.registration.clientId}/secrets`, { body: { expires_in: 60 } });
    for (const login of ['alice', 'bob'] as const) await service.tokens(await signedInAt(stack, login));
    await expect
      .poll(() => seen(service), patience)
      .toMatchObject({ authorizations: 2, last_used_at: expect.any(Number) });
    await stack.clock.move(50);
    call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
    expect(await seen(service)).toMatchObject({
      secrets: expect.arrayContaining([expect.objectContaining({ ends_soon: true })]),
      warnings: [expect.stringMatching(/expires/)],
    });
    await stack.clock.reset();
  });

  it('is shown with what was refused to it, by day and reason; what is older than a month goes', async () => {
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    const keys = { PartitionKey: indexPartitionOf(clientId), RowKey: 'errors:2020-01-01' };
    await putRow(stack, 'index', { ...keys, counts: '{"x":1}' });
    for (let count = 0; count < 3; count++) await (await service.refresh('nonsense')).text();
    await stack.clock.move(61);
    await purgeTimes(stack, 1);
    call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
    const errors = async () =>
      (await seen(service))?.errors as readonly { day: string; counts: Record<string, number> }[];
    const sum = async () => (await errors()).flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);
    await expect.poll(sum, patience).toBe(3);
    for (const { day } of await errors()) expect(day >= today).toBe(true);
    const old = async () =>
      (await storedRows(stack, 'index', keys.PartitionKey)).filter(({ RowKey }) => RowKey === keys.RowKey);
    await expect.poll(old, patience).toEqual([]);
    await stack.clock.reset();
  });

  it('takes one transaction, beside two of the page, however many people authorized it', async () => {
    const count = (await all()).length;
    stack.tableProxy.requests.length = 0;
    await all();
    expect(stack.tableProxy.requests.length).toBe(authenticating + 2 + count);
    const first = (await call('GET', 'services?limit=2')).body;
    const rest = (await call('GET', `services?limit=50&after=${first.next}`)).body;
    expect([...(first.services as []), ...(rest.services as [])]).toHaveLength(count);
  });
});
