/** The overview: how much there is, and what an operator should see to, before anybody complains. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { fire, purgeTimes } from '../../support/audit.ts';
import { consoleAt } from '../../support/console.ts';
import { indexOf } from '../../support/index.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => stack.clock.reset());

afterAll(() => stack.stop());

const patience = { timeout: 30_000, interval: 100 };
const day = 86_400;

type Counted = {
  readonly count: number;
  readonly authorizations: number;
  readonly counted_at: number;
  readonly need_care: readonly { readonly client_id: string; readonly warnings: readonly string[] }[];
  readonly more: number;
};

const operator = async (): Promise<Admin> =>
  adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));

/** What a pass finds that begins now. */
const countedNow = async (): Promise<Counted> => {
  const passes = () => stack.hostOutput().split('"event":"services_counted","finished":true').length;
  const before = passes();
  await fire(stack, 'audit-seal');
  await expect.poll(passes, patience).toBeGreaterThan(before);
  return (await (await operator())('GET', 'deployment')).body.services as Counted;
};

const overview = async (): Promise<string> => (await consoleAt(personAt(stack, 'olga'), stack)).html;

const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

describe('the overview', () => {
  it('says how many services and authorizations there are, as the timer has counted them', async () => {
    const call = await operator();
    const apps = async () => ((await call('GET', 'apps?limit=100')).body.apps as readonly unknown[]).length;
    const before = await countedNow();
    const service = await register(stack.issuer);
    for (const login of ['alice', 'bob'] as const) await service.tokens(await signedInAt(stack, login));
    await expect.poll(async () => (await indexOf(stack, service.registration.clientId)).count, patience).toBe(2);
    const after = await countedNow();
    expect([after.count, after.authorizations]).toEqual([await apps(), before.authorizations + 2]);
    expect(textOf(await overview())).toContain(`Services${after.count} services`);
    expect(textOf(await overview())).toContain(`Authorizations${after.authorizations} authorizations`);
  });

  it('names the services whose secrets end soon, until somebody has seen to them', async () => {
    const { clientId } = (await register(stack.issuer)).registration;
    const call = await operator();
    const made = await call('POST', `apps/${clientId}/secrets`, { body: { expires_in: 60 } });
    const secretId = String(made.body.id);
    expect((await countedNow()).need_care.map((one) => one.client_id)).not.toContain(clientId);
    await stack.clock.move(50);
    const { need_care: needCare, more } = await countedNow();
    expect([needCare.filter((one) => one.client_id === clientId), more]).toEqual([
      [expect.objectContaining({ warnings: [expect.stringContaining(secretId)] })],
      0,
    ]);
    expect(await overview()).toContain(`<a href="/console/services/one?client_id=${clientId}">`);
    expect((await call('DELETE', `apps/${clientId}/secrets/${secretId}`)).status).toBe(204);
    expect(await overview()).not.toContain(`<a href="/console/services/one?client_id=${clientId}">`);
  });

  it('says when a signing key should have been rotated, and when the timer does not get through', async () => {
    const calm = textOf(await overview());
    expect(calm).not.toMatch(/should have been rotated|timer last got through/);
    await purgeTimes(stack, 1);
    expect(textOf(await overview())).not.toMatch(/timer last got through/);
    await stack.clock.move(101 * day);
    const late = textOf(await overview());
    expect(late).toMatch(
      /signing key \S+assent-signing was made 3 months ago: it should have been rotated after 90 days/,
    );
    expect(late).toMatch(/az keyvault key rotate --vault-name \S+ --name assent-signing/);
    expect(late).toMatch(/timer last got through 3 months ago/);
  });
});
