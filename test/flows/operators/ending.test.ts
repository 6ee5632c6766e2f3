/** Operators end what people authorized: one of it, or all that a rule names, and a process may die whenever it likes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMasterKey } from '../../../local/host/admin.ts';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { audited, pseudonymOf } from '../../support/audit.ts';
import { indexOf } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import { plantAuthorizations } from '../../support/planted.ts';
import { startApi } from '../../support/revoking.ts';
import { storedRows } from '../../support/rows.ts';
import { demoServices, isActive, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

const asOperator = async (): Promise<Admin> =>
  adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));

beforeAll(async () => {
  stack = await startStack({ throughProxy: true, hosts: 2 });
  call = await asOperator();
});

afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 100 };
const invalidGrant = { status: 400, error: 'invalid_grant' };

const idOf = (service: Service, login: Login): string =>
  `${pseudonymOf(stack, login)}.${clientKeyOf(service.registration.clientId).toString('hex')}`;

const indexed = (service: Service, count: number): Promise<void> =>
  expect.poll(async () => (await indexOf(stack, service.registration.clientId)).count, patience).toBe(count);

type Authorized = { readonly service: Service; readonly tokens: Readonly<Record<string, TokenSet>> };

const authorizedBy = async (logins: readonly Login[], scope = 'vso.work'): Promise<Authorized> => {
  const service = await register(stack.issuer);
  const tokens: Record<string, TokenSet> = {};
  for (const login of logins) tokens[login] = await service.tokens(await signedInAt(stack, login), { scope });
  await indexed(service, logins.length);
  return { service, tokens };
};

const refreshOf = ({ service, tokens }: Authorized, login: Login): Promise<{ status: number }> =>
  service.refresh(tokens[login]?.refresh_token ?? '').then(async (answer) => {
    await answer.text();
    return { status: answer.status };
  });

const eventsOf = async (person: string, clientId: string) =>
  (await storedRows(stack, 'users', person)).filter(
    (row) => row.kind === 'ended by operator' && row.clientId === clientId,
  );

type Ending = { readonly id: string; readonly state: string; readonly ended: number; readonly examined: number };

const order = async (body: Readonly<Record<string, unknown>>): Promise<Ending> => {
  const answer = await call('POST', 'endings', { body });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe(`/api/admin/endings/${answer.body.id}`);
  return answer.body as unknown as Ending;
};

const isDone = async ({ id }: Ending): Promise<Ending> => {
  await expect.poll(async () => (await call('GET', `endings/${id}`)).body.state, patience).toBe('done');
  return (await call('GET', `endings/${id}`)).body as unknown as Ending;
};

const fire = async (host = 0): Promise<void> => {
  const answer = await fetch(`${stack.hosts[host]}/admin/functions/endings`, {
    method: 'POST',
    headers: { 'x-functions-key': localMasterKey, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(202);
};

/** What the person's receipt for the newest event of the service says. */
const receiptOf = async (login: Login, { registration: { clientId } }: Service): Promise<unknown> => {
  const person = await signedInAt(stack, login);
  const [row] = await eventsOf(pseudonymOf(stack, login), clientId);
  const id = String(row?.RowKey).replace('history:', '').replace(':', '.');
  const page = await (await person.send(`${stack.issuer}/authorizations`)).text();
  expect(page).toContain(`href="/authorizations/receipts/${id}"`);
  const receipt = await (await person.send(`${stack.issuer}/authorizations/receipts/${id}`)).text();
  return jwtPart(receipt, 'payload');
};

describe('ending one authorization', () => {
  it('ends all of it: refreshes, introspection, the list of what ended, the index; the person reads who did that', async () => {
    const { service, tokens } = await authorizedBy(['alice', 'bob']);
    const token = tokens.alice?.access_token ?? '';
    const [services, resourceServer] = [demoServices(stack.issuer), await startApi(stack.issuer)];
    expect([await isActive(services.api, token), await resourceServer.refuses(token)]).toEqual([true, false]);
    expect((await call('DELETE', `authorizations/${idOf(service, 'alice')}`)).status).toBe(204);
    expect(await refusalOf(service.refresh(tokens.alice?.refresh_token ?? ''))).toEqual(invalidGrant);
    expect(await isActive(services.api, token)).toBe(false);
    await expect.poll(() => resourceServer.refuses(token), { timeout: 60_000 }).toBe(true);
    await indexed(service, 1);
    expect(await refreshOf({ service, tokens }, 'bob')).toEqual({ status: 200 });
    const alice = await signedInAt(stack, 'alice');
    expect(await (await alice.send(`${stack.issuer}/authorizations`)).text()).toContain(
      'An operator ended what you had allowed',
    );
    const clientId = service.registration.clientId;
    const [ended] = await audited(
      stack,
      (row) => row.event === 'authorization.ended_by_operator' && row.client === clientId,
    );
    const [ordered] = await audited(
      stack,
      (row) => row.event === 'authorization.end_ordered' && String(row.details).includes(clientId),
    );
    expect(ordered).toMatchObject({ actorKind: 'operator', correlation: expect.any(String) });
    expect(ended).toMatchObject({ person: pseudonymOf(stack, 'alice') });
    expect(JSON.parse(String(ended?.details))).toMatchObject({ order: ordered?.correlation });
    expect(await receiptOf('alice', service)).toMatchObject({ revoked_by: 'operator', order: ordered?.correlation });
  });

  it('changes nothing when it is not as it was read, or has ended', async () => {
    const { service, tokens } = await authorizedBy(['alice']);
    const path = `authorizations/${idOf(service, 'alice')}`;
    const read = await call('GET', path);
    await service.tokens(await signedInAt(stack, 'alice'), { scope: 'vso.work vso.code' });
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    expect(refusedWith(await call('DELETE', path, { headers }))).toEqual([412, 'precondition_failed']);
    expect(await refreshOf({ service, tokens }, 'alice')).toEqual({ status: 200 });
    const again = (await call('GET', path)).headers.get('etag') ?? '';
    expect((await call('DELETE', path, { headers: { 'if-match': again } })).status).toBe(204);
    expect(refusedWith(await call('DELETE', path))).toEqual([404, 'not_found']);
  });

  it('is done once by two who do it at once', async () => {
    const { service } = await authorizedBy(['bob']);
    const path = `authorizations/${idOf(service, 'bob')}`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => call('DELETE', path)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.every(({ status }) => [204, 404, 409].includes(status))).toBe(true);
    expect(await eventsOf(pseudonymOf(stack, 'bob'), service.registration.clientId)).toHaveLength(1);
  });
});

describe('a rule', () => {
  const previewOf = async (body: Readonly<Record<string, unknown>>) => {
    const { status, body: answer } = await call('POST', 'endings/preview', { body });
    expect(status).toBe(200);
    return answer as { count: number; complete: boolean; sample: readonly { id: string }[] };
  };

  it('says beforehand what it would end, and ends that: all of a service', async () => {
    const one = await authorizedBy(['alice', 'bob', 'olga']);
    const other = await authorizedBy(['alice']);
    const rule = { client_id: one.service.registration.clientId };
    const { count, complete, sample } = await previewOf(rule);
    const logins = ['alice', 'bob', 'olga'] as const;
    expect([count, complete]).toEqual([3, true]);
    expect(new Set(sample.map(({ id }) => id))).toEqual(new Set(logins.map((login) => idOf(one.service, login))));
    expect(await refreshOf(one, 'alice')).toEqual({ status: 200 });
    const ordered = await order(rule);
    expect(await isDone(ordered)).toMatchObject({ ended: 3, rule });
    expect(await receiptOf('bob', one.service)).toMatchObject({ revoked_by: 'operator', order: ordered.id });
    for (const login of logins) {
      expect(await refreshOf(one, login)).toEqual({ status: 400 });
      expect(await eventsOf(pseudonymOf(stack, login), rule.client_id)).toHaveLength(1);
    }
    expect(await refreshOf(other, 'alice')).toEqual({ status: 200 });
    await indexed(one.service, 0);
  });

  it('ends all of a person, by pseudonym or subject, and nobody else’s', async () => {
    const [one, other] = [await authorizedBy(['bob', 'olga']), await authorizedBy(['bob'])];
    const person = pseudonymOf(stack, 'bob');
    const { count, sample } = await previewOf({ person });
    expect(count).toBe(sample.length);
    expect(sample.map(({ id }) => id)).toEqual(
      expect.arrayContaining([idOf(one.service, 'bob'), idOf(other.service, 'bob')]),
    );
    expect((await isDone(await order({ person }))).ended).toBe(count);
    expect(await refreshOf(one, 'bob')).toEqual({ status: 400 });
    expect(await refreshOf(other, 'bob')).toEqual({ status: 400 });
    expect(await refreshOf(one, 'olga')).toEqual({ status: 200 });
    expect(await previewOf({ person })).toMatchObject({ count: 0 });
  });

  it('ends what holds a permission, or was decided before an instant, of one service or of all', async () => {
    const narrow = await authorizedBy(['alice'], 'vso.build');
    const wide = await register(stack.issuer);
    const wideTokens = { alice: await wide.tokens(await signedInAt(stack, 'alice'), { scope: 'vso.work vso.code' }) };
    await indexed(wide, 1);
    const before = Math.floor(Date.now() / 1000) + 1;
    await stack.clock.move(5);
    const late = await register(stack.issuer);
    const lateTokens = { bob: await late.tokens(await signedInAt(stack, 'bob'), { scope: 'vso.code' }) };
    await indexed(late, 1);
    const permission = { resource: 'https://api.assent.localhost', scope: 'vso.code' };
    expect(await previewOf({ client_id: wide.registration.clientId, permission })).toMatchObject({ count: 1 });
    expect(await previewOf({ client_id: narrow.service.registration.clientId, permission })).toMatchObject({
      count: 0,
    });
    const rule = { permission, created_before: before };
    const { count, complete } = await previewOf(rule);
    expect([complete, count > 0]).toEqual([true, true]);
    expect((await isDone(await order(rule))).ended).toBe(count);
    expect(await refreshOf({ service: wide, tokens: wideTokens }, 'alice')).toEqual({ status: 400 });
    expect(await refreshOf(narrow, 'alice')).toEqual({ status: 200 });
    expect(await refreshOf({ service: late, tokens: lateTokens }, 'bob')).toEqual({ status: 200 });
    await stack.clock.reset();
  });

  it('must say something, and no one person in two ways', async () => {
    for (const body of [{}, { person: 'ab'.repeat(32), subject: 'x' }, { client_id: '' }, { since: 1 }])
      for (const path of ['endings', 'endings/preview'])
        expect(refusedWith(await call('POST', path, { body }))).toEqual([400, 'invalid_request']);
  });

  it('finds who authorized in the very moment before it, and leaves alone who does so after', async () => {
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    const [alice, bob] = [await signedInAt(stack, 'alice'), await signedInAt(stack, 'bob')];
    stack.tableProxy.deliveryRule = () => ({ kind: 'throttle' });
    const tokens = { alice: await service.tokens(alice, { scope: 'vso.work' }) };
    expect((await indexOf(stack, clientId)).count).toBe(0);
    stack.tableProxy.deliveryRule = undefined;
    const begun = await order({ client_id: clientId });
    await stack.clock.move(2);
    const later = { bob: await service.tokens(bob, { scope: 'vso.work' }) };
    expect((await isDone(begun)).ended).toBe(1);
    expect(await refreshOf({ service, tokens }, 'alice')).toEqual({ status: 400 });
    expect(await refreshOf({ service, tokens: later }, 'bob')).toEqual({ status: 200 });
    await stack.clock.reset();
  });
});

const planted = async (count: number) => {
  const { service } = await authorizedBy(['alice']);
  const { clientId } = service.registration;
  const { people } = await plantAuthorizations(stack, { clientId, like: pseudonymOf(stack, 'alice'), count });
  return { clientId, people: [...people, pseudonymOf(stack, 'alice')] };
};

const expectEachOnce = async (clientId: string, people: readonly string[]): Promise<void> => {
  const clientHex = clientKeyOf(clientId).toString('hex');
  for (const person of people) {
    const rows = await storedRows(stack, 'users', person);
    expect(rows.find(({ RowKey }) => RowKey === `grant:${clientHex}`)?.revoked).toBe(true);
    expect(rows.filter((row) => row.kind === 'ended by operator' && row.clientId === clientId)).toHaveLength(1);
  }
};

describe('a job', () => {
  it('goes on where a process died, at whatever point: each authorization ends, with one event, and all are counted', async () => {
    const { clientId, people } = await planted(160);
    let [seen, limit] = [0, 90];
    const rule = () => {
      seen += 1;
      return seen > limit ? ({ kind: 'hang' } as const) : undefined;
    };
    const dies = async (): Promise<void> => {
      await expect.poll(() => seen > limit, patience).toBe(true);
      await stack.killHost();
      [stack.tableProxy.rule, stack.tableProxy.deliveryRule] = [undefined, undefined];
      await stack.restartHost();
      // Until nobody could be at work any more.
      await stack.clock.move(100);
    };
    const begun = await order({ client_id: clientId });
    [stack.tableProxy.rule, stack.tableProxy.deliveryRule] = [rule, rule];
    await dies();
    // Before, while and after it looks for what is not in the index yet; then between any two calls of its pages.
    for (const calls of [200, 275, 3, 61, 105, 107, 26, 112, 54]) {
      [seen, limit] = [0, calls];
      [stack.tableProxy.rule, stack.tableProxy.deliveryRule] = [rule, rule];
      await fire();
      await dies();
    }
    await fire();
    call = await asOperator();
    expect(await isDone(begun)).toMatchObject({ ended: people.length, examined: people.length });
    await expectEachOnce(clientId, people);
  });

  it('counts what it has ended where nobody could be told of it, and the index has forgotten it meanwhile', async () => {
    const { clientId, people } = await planted(60);
    let hasEnded = false;
    const rule: NonNullable<Stack['tableProxy']['rule']> = ({ bodyStart }) => {
      hasEnded ||= bodyStart.includes('"revoked":true');
      return hasEnded && bodyStart.includes('"leasedBy"') ? { kind: 'throttle' } : undefined;
    };
    [stack.tableProxy.rule, stack.tableProxy.deliveryRule] = [rule, rule];
    const begun = await order({ client_id: clientId });
    await expect.poll(async () => (await indexOf(stack, clientId)).count, patience).toBe(people.length - 50);
    [stack.tableProxy.rule, stack.tableProxy.deliveryRule] = [undefined, undefined];
    await stack.clock.move(100);
    await fire();
    call = await asOperator();
    expect(await isDone(begun)).toMatchObject({ ended: people.length, examined: people.length });
    await expectEachOnce(clientId, people);
  });

  it('is worked at by one process, however many look; and if another believes that it has its turn, each still ends once', async () => {
    const { clientId, people } = await planted(60);
    stack.tableProxy.rule = ({ path }) => (path === '/$batch' ? { kind: 'delay', milliseconds: 200 } : undefined);
    const begun = await order({ client_id: clientId });
    await Promise.all([fire(0), fire(1), fire(0), fire(1)]);
    await stack.clock.move(100);
    await Promise.all([fire(0), fire(1)]);
    stack.tableProxy.rule = undefined;
    call = await asOperator();
    expect(await isDone(begun)).toMatchObject({ ended: people.length });
    await expectEachOnce(clientId, people);
  });

  it('can be stopped: what has ended stays so, nothing more begins, and it says how far it came', async () => {
    const { clientId, people } = await planted(20);
    stack.tableProxy.rule = ({ path }) => (path.startsWith('/users()') ? { kind: 'throttle' } : undefined);
    const begun = await order({ client_id: clientId });
    const stopped = await call('POST', `endings/${begun.id}/stop`).finally(() => {
      stack.tableProxy.rule = undefined;
    });
    expect([stopped.status, stopped.body.state, stopped.body.ended]).toEqual([200, 'stopped', 0]);
    await stack.clock.move(100);
    await fire();
    call = await asOperator();
    expect((await call('GET', `endings/${begun.id}`)).body.state).toBe('stopped');
    expect((await indexOf(stack, clientId)).count).toBe(people.length);
    expect(refusedWith(await call('POST', `endings/${begun.id}/stop`))).toEqual([409, 'conflict']);
  });

  it('is in a list, the latest first, in pages', async () => {
    const all = (await call('GET', 'endings')).body.endings as readonly Ending[];
    expect(all.length).toBeGreaterThan(3);
    const first = (await call('GET', 'endings?limit=2')).body;
    const rest = (await call('GET', `endings?after=${first.next}`)).body;
    expect([...(first.endings as []), ...(rest.endings as [])]).toEqual(all);
  });
});
