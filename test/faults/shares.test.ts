/** Signatures are scarce: nobody can take them all from everybody else. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personAt } from '../support/people.ts';
import { demoServices, okJson, type Service, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  // A bucket of a session holds 5, one of a person and a public client 10.
  stack = await startStack({ settings: { AUTHORIZATION_TOKENS_PER_SECOND: '0.05' } });
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

const ownTokens = async (service: Service, count: number): Promise<readonly number[]> => {
  const fields = { grant_type: 'client_credentials', ...(service === services.operator && { scope: 'assent.admin' }) };
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await service.token(fields)).status);
  return statuses;
};

it('a client that loops gets its share while Key Vault throttles, others theirs, and all of it again later', async () => {
  const { nightly, operator } = services;
  expect(await ownTokens(nightly, 60)).toEqual(Array.from({ length: 60 }, () => 200));
  stack.vault.faults.rule = ({ operation }) =>
    operation === 'sign' ? { kind: 'throttle', retryAfterSeconds: 1 } : undefined;
  expect(await ownTokens(nightly, 1)).toEqual([503]);
  stack.vault.faults.rule = undefined;
  const throttled = await ownTokens(nightly, 60);
  expect(throttled.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 200));
  expect(throttled).toContain(429);
  expect(await ownTokens(operator, 5)).toEqual([200, 200, 200, 200, 200]);
  await stack.clock.move(11);
  expect(await ownTokens(nightly, 60)).toEqual(Array.from({ length: 60 }, () => 200));
});

it('one person with many sessions uses up their own part of a public client, not that of others', async () => {
  const { native } = services;
  const refreshTwice = async (tokens: TokenSet): Promise<readonly number[]> => {
    const first = await native.refresh(tokens.refresh_token);
    const next = first.status === 200 ? ((await first.clone().json()) as TokenSet).refresh_token : tokens.refresh_token;
    return [first.status, (await native.refresh(next)).status];
  };
  const [busy, other] = [personAt(stack), personAt(stack, 'bob')];
  const sessions: TokenSet[] = [];
  // Each session takes three of its five, and all together more than ten.
  for (let index = 0; index < 3; index++) sessions.push(await native.tokens(busy));
  const statuses: number[] = [];
  for (const session of sessions) statuses.push(...(await refreshTwice(session)));
  expect(statuses).not.toContain(429);
  const last = await native.code(busy);
  expect((await native.redeem(last)).status).toBe(200);
  expect((await native.redeem(await native.code(busy))).status).toBe(429);
  await okJson(native.redeem(await native.code(other)));
});
