/** Signatures are scarce: nobody can take them all from everybody else. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personAt } from '../support/people.ts';
import { demoServices, okJson, type Service, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  // A bucket of a session holds 5, one of a person and a public client 10.
  const settings = { AUTHORIZATION_TOKENS_PER_SECOND: '0.05', CLIENT_SHARE_PER_SECOND: '1' };
  stack = await startStack({ settings });
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

const ownTokens = (service: Service, count: number): Promise<readonly Response[]> => {
  const fields = { grant_type: 'client_credentials', ...(service === services.operator && { scope: 'assent.admin' }) };
  return Promise.all(Array.from({ length: count }, () => service.token(fields)));
};

const statusesOf = (answers: readonly Response[]): ReadonlySet<number> => new Set(answers.map(({ status }) => status));

it('a client that loops gets its share while Key Vault throttles, others theirs, and all of it again later', async () => {
  const { nightly, operator } = services;
  expect(statusesOf(await ownTokens(nightly, 60))).toEqual(new Set([200]));
  stack.vault.faults.rule = ({ operation }) =>
    operation === 'sign' ? { kind: 'throttle', retryAfterSeconds: 1 } : undefined;
  expect(statusesOf(await ownTokens(nightly, 1))).toEqual(new Set([503]));
  stack.vault.faults.rule = undefined;
  const throttled = await ownTokens(nightly, 200);
  expect(statusesOf(throttled)).toEqual(new Set([200, 429]));
  const refused = throttled.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect(await refused?.json()).toMatchObject({ error: 'temporarily_unavailable' });
  expect(statusesOf(await ownTokens(operator, 3))).toEqual(new Set([200]));
  await stack.clock.move(61);
  expect(statusesOf(await ownTokens(nightly, 60))).toEqual(new Set([200]));
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
