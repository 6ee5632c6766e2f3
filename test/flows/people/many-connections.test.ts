/** However often a service asks, what it leaves behind is bounded, and revoking it takes one batch. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { clientKeyOf, userKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { storedRows } from '../../support/rows.ts';
import { okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const partition = () => {
  const subject = users.find(({ login }) => login === 'alice')?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

const familyRows = async ({ registration }: Service): Promise<number> => {
  const prefix = `family:${clientKeyOf(registration.clientId).toString('hex')}:`;
  return (await storedRows(stack, 'users', partition())).filter(({ RowKey }) => RowKey.startsWith(prefix)).length;
};

const revoke = async (service: Service): Promise<Response> => {
  const page = await alice.visit(`${stack.issuer}/authorizations`);
  if (page.kind !== 'page') throw new Error('no page');
  const id = clientKeyOf(service.registration.clientId).toString('hex');
  const form = formsIn(page.html).find(({ fields }) => fields.some(({ value }) => value === id));
  const token = form?.fields.find(({ name }) => name === 'token')?.value ?? '';
  stack.tableProxy.requests.length = 0;
  return alice.send(`${stack.issuer}/authorizations/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token, authorization: id }),
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });
};

const silently = (service: Service, times: number) =>
  Promise.all(Array.from({ length: times }, () => service.code(alice)));

describe('a service that asks again and again in silence', () => {
  it('leaves ninety rows at most, whether its codes are redeemed or not, and costs the person nothing', async () => {
    const service = await register(stack.issuer);
    const kept = await service.tokens(alice);
    for (let round = 0; round < 12; round++) await silently(service, 20);
    expect(await familyRows(service)).toBeLessThanOrEqual(90);
    for (const code of (await silently(service, 20)).slice(0, 15)) await okJson(service.redeem(code));
    expect(await familyRows(service)).toBeLessThanOrEqual(90);
    await okJson(service.refresh(kept.refresh_token));
  });

  it('pushes out no connection by codes that nobody redeems', async () => {
    const service = await register(stack.issuer);
    const connected: TokenSet[] = [];
    for (let count = 0; count < 30; count++) connected.push(await service.tokens(alice));
    for (let round = 0; round < 10; round++) await silently(service, 20);
    for (const { refresh_token: token } of connected) expect((await service.refresh(token)).status).toBe(200);
  });

  it('is revoked with everything it holds by one read, one batch for resource servers and one of its own', async () => {
    const service = await register(stack.issuer);
    const connected: TokenSet[] = [];
    for (let count = 0; count < 40; count++) connected.push(await service.tokens(alice));
    const codes = await silently(service, 20);
    expect((await revoke(service)).headers.get('location')).toContain('/authorizations?revoked=');
    const seen = stack.tableProxy.requests.map(({ method, path }) => `${method} ${path.slice(0, 7)}`);
    expect(seen).toEqual(['GET /users(', 'GET /users(', 'POST /$batch', 'POST /$batch']);
    const invalidGrant = { status: 400, error: 'invalid_grant' };
    for (const { refresh_token: token } of connected)
      expect(await refusalOf(service.refresh(token))).toEqual(invalidGrant);
    for (const code of codes) expect(await refusalOf(service.redeem(code))).toEqual(invalidGrant);
  });

  it('is told of in the history, each connection with the write that made it', async () => {
    const name = `Litware Sync ${randomUUID()}`;
    const service = await register(stack.issuer, { client_name: name });
    await service.code(alice);
    await service.code(alice);
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    const html = page.kind === 'page' ? page.html.replace(/<[^>]*>/g, '') : '';
    expect(html.split(`${name} connected again`).length - 1).toBe(1);
  });
});

describe('forty at once', () => {
  it('of one person and service cost each a bounded number of storage calls: they wait for each other', async () => {
    const service = await register(stack.issuer);
    await service.tokens(alice);
    stack.tableProxy.requests.length = 0;
    await silently(service, 40);
    // Session, grant, grant again after waiting, batch; at most a few more for making room.
    expect(stack.tableProxy.requests.length / 40).toBeLessThan(5);
  });

  it('refreshes of one token do so too', async () => {
    const service = await register(stack.issuer);
    const { refresh_token: token } = await service.tokens(alice);
    stack.tableProxy.requests.length = 0;
    const answers = await Promise.all(Array.from({ length: 40 }, () => service.refresh(token)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(10);
    expect(stack.tableProxy.requests.length / 40).toBeLessThan(4);
  });
});
