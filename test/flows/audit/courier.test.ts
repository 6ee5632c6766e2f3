/** What people decide comes into the audit log: all of it, once, and whatever dies or is away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { audited, pseudonymOf, purgeTimes } from '../../support/audit.ts';
import { signedInAt } from '../../support/people.ts';
import { revokeAll } from '../../support/revoking.ts';
import { auditRows, type StoredRow, storedRows } from '../../support/rows.ts';
import { register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
});

afterAll(() => stack.stop());

/** 256 slices of the key space, four a run. */
const runsOfAPass = 64;

const namesOf = (rows: readonly StoredRow[]): readonly unknown[] => rows.map(({ event }) => event);

const ofClient =
  (clientId: string) =>
  ({ client, actorKind }: StoredRow): boolean =>
    client === clientId && actorKind !== 'operator';

const newService = async () => {
  const service = await register(stack.issuer);
  return { service, isIts: ofClient(service.registration.clientId) };
};

describe('what people decide', () => {
  it('is in the audit log: who, when, from where, in which invocation, what', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { service, isIts } = await newService();
    const page = await approvalPageOf(bob, service.authorization().url);
    const send = bob.send;
    bob.send = (url, init) =>
      send(url, { ...init, headers: { ...(init?.headers as object), 'x-forwarded-for': '198.51.100.7:4711' } });
    await bob.decide(page, { decision: 'approve', permissions: ['vso.work'] });
    const [row] = await audited(stack, isIts);
    const person = pseudonymOf(stack, 'bob');
    expect(row).toMatchObject({
      event: 'authorization.granted',
      v: 1,
      actorKind: 'person',
      actor: person,
      person,
      client: service.registration.clientId,
      correlation: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(Math.abs(Number(row?.at) - Date.now() / 1000)).toBeLessThan(60);
    expect(JSON.parse(String(row?.details))).toMatchObject({
      permissions: [expect.stringMatching(/ vso\.work$/)],
      family: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('is there for each of it: in silence, more, less, refused, given back, replayed, taken back', async () => {
    const olga = await signedInAt(stack, 'olga');
    const { service, isIts } = await newService();
    const first = await service.tokens(olga, { scope: 'vso.work' });
    const code = await service.code(olga, { scope: 'vso.work' });
    await service.redeem(code);
    await service.redeem(code);
    await service.tokens(olga, { scope: 'vso.work vso.code' });
    await olga.authorize(service.authorization({ prompt: 'consent' }).url, { decision: 'deny' });
    await olga.authorize(service.authorization({ prompt: 'consent' }).url, {
      decision: 'approve',
      permissions: ['vso.work'],
    });
    await service.revoke({ token: first.refresh_token ?? '' });
    await revokeAll(olga, stack.issuer);
    const found = await audited(stack, isIts, 9);
    expect(new Set(namesOf(found))).toEqual(
      new Set([
        'authorization.granted',
        'authorization.used',
        'session.code_replayed',
        'authorization.widened',
        'authorization.refused',
        'authorization.narrowed',
        'session.revoked',
        'authorization.revoked',
      ]),
    );
  });

  it('has a line in the log for each, as it happens', async () => {
    const alice = await signedInAt(stack);
    const { service, isIts } = await newService();
    await service.code(alice);
    const [row] = await audited(stack, isIts);
    const id = String(row?.RowKey).slice(11);
    const line = stack
      .hostOutput()
      .split('\n')
      .find((one) => one.includes(`"id":"${id}"`));
    expect(JSON.parse(line?.slice(line.indexOf('{')) ?? '{}')).toMatchObject({
      event: 'audit',
      name: 'authorization.granted',
      v: 1,
      actor_kind: 'person',
      client: service.registration.clientId,
      person: pseudonymOf(stack, 'alice'),
    });
  });

  it('is there for signing in and signing out', async () => {
    const audrey = await signedInAt(stack, 'audrey');
    const page = await audrey.visit(`${stack.issuer}/sign-out`);
    if (page.kind !== 'page') throw new Error('no page');
    const { formsIn } = await import('../../support/forms.ts');
    const form = formsIn(page.html).find(({ action }) => action === '/sign-out');
    if (form === undefined) throw new Error('no form');
    await audrey.submit(page, form);
    const person = pseudonymOf(stack, 'audrey');
    const found = await audited(stack, (row) => row.person === person, 2);
    expect(namesOf(found)).toEqual(expect.arrayContaining(['person.signed_in', 'person.signed_out']));
  });
});

describe('the way there', () => {
  it('holds no request up, and loses nothing, while the audit log does not answer', async () => {
    const alice = await signedInAt(stack);
    const { service, isIts } = await newService();
    stack.tableProxy.deliveryRule = () => ({ kind: 'throttle' });
    const startedAt = performance.now();
    await service.tokens(alice);
    await expect.poll(() => stack.hostOutput().includes('events_not_delivered'), { timeout: 60_000 }).toBe(true);
    expect((await auditRows(stack)).filter(isIts)).toEqual([]);
    stack.tableProxy.deliveryRule = undefined;
    await audited(stack, isIts);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });

  it('delivers again what may not have arrived, and that is no second event', async () => {
    const alice = await signedInAt(stack);
    const { service, isIts } = await newService();
    let lost = 0;
    stack.tableProxy.deliveryRule = ({ bodyStart }) => {
      if (!bodyStart.includes('actorKind') || lost >= 4) return undefined;
      lost += 1;
      return { kind: 'reset-after-commit' };
    };
    await service.code(alice);
    await expect.poll(() => lost, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    stack.tableProxy.deliveryRule = undefined;
    const pending = async () =>
      (await storedRows(stack, 'users', pseudonymOf(stack, 'alice'))).filter((row) => row.pending === true);
    await expect.poll(pending, { timeout: 60_000 }).toEqual([]);
    expect((await auditRows(stack)).filter(isIts)).toHaveLength(1);
  });

  it('goes on after the process was killed before anything was delivered', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { service, isIts } = await newService();
    stack.tableProxy.deliveryRule = () => ({ kind: 'hang' });
    await service.code(bob);
    await stack.killHost();
    expect((await auditRows(stack)).filter(isIts)).toEqual([]);
    stack.tableProxy.deliveryRule = undefined;
    await stack.restartHost();
    await stack.clock.move(150);
    await purgeTimes(stack, runsOfAPass);
    expect(namesOf((await auditRows(stack)).filter(isIts))).toEqual(['authorization.granted']);
    const partition = await storedRows(stack, 'users', pseudonymOf(stack, 'bob'));
    expect(partition.filter(({ pending }) => pending === true)).toEqual([]);
  });

  it('delivers what it has before it ends, when it is told to end', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { service, isIts } = await newService();
    await service.code(bob);
    await stack.restartHost();
    expect(namesOf((await auditRows(stack)).filter(isIts))).toEqual(['authorization.granted']);
  });
});
