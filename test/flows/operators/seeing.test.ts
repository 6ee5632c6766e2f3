/** Who authorized what, as operators and auditors see it: found by person and by service, and every look is in the audit log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { audited, pseudonymOf } from '../../support/audit.ts';
import { indexOf } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import { revokeAll } from '../../support/revoking.ts';
import { auditRows } from '../../support/rows.ts';
import { demoServices, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  const auditor = await register(stack.issuer, {
    redirect_uris: [],
    grant_types: ['client_credentials'],
    scope: 'assent.audit',
    assent_operator: true,
  });
  call = adminWith(stack.issuer, await ownTokenOf(auditor));
});

afterAll(() => stack.stop());

/** Every call of the admin API reads its client's row, whether its token was revoked, and the not-before instants. */
const authenticating = 3;
const patience = { timeout: 60_000, interval: 100 };
const logins = ['alice', 'bob', 'olga', 'audrey'] as const;

const idOf = (service: Service, login: Login): string =>
  `${pseudonymOf(stack, login)}.${clientKeyOf(service.registration.clientId).toString('hex')}`;

const indexed = (service: Service, count: number): Promise<void> =>
  expect.poll(async () => (await indexOf(stack, service.registration.clientId)).count, patience).toBe(count);

type Authorization = Readonly<Record<string, unknown>>;

const listAt = async (service: Service, more = '') => {
  const { status, body } = await call('GET', `authorizations?client_id=${service.registration.clientId}${more}`);
  expect(status).toBe(200);
  return body as { count: number; authorizations: readonly Authorization[]; next?: string };
};

describe('who authorized a service', () => {
  it('is counted and listed in pages, with who it is, since when and how much, in three transactions', async () => {
    const service = await register(stack.issuer);
    for (const login of logins) await service.code(await signedInAt(stack, login));
    await indexed(service, 4);
    await listAt(service);
    stack.tableProxy.requests.length = 0;
    const first = await listAt(service, '&limit=3');
    expect(stack.tableProxy.requests.length).toBe(authenticating + 3);
    const rest = await listAt(service, `&limit=3&after=${first.next}`);
    expect([first.count, first.authorizations.length, rest.authorizations.length, rest.next]).toEqual([
      4,
      3,
      1,
      undefined,
    ]);
    const all = [...first.authorizations, ...rest.authorizations];
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(logins.map((login) => idOf(service, login))));
    expect(all.find(({ id }) => id === idOf(service, 'alice'))).toMatchObject({
      person: pseudonymOf(stack, 'alice'),
      name: expect.stringMatching(/Alice/),
      account: expect.stringMatching(/@/),
      in_force: true,
      permissions: 2,
    });
  });

  it('no longer has who revoked it; and what a not-before instant voids is there as what it is, until the timer comes', async () => {
    const service = await register(stack.issuer);
    const [alice, bob] = [await signedInAt(stack, 'alice'), await signedInAt(stack, 'bob')];
    for (const person of [alice, bob]) await service.code(person);
    await indexed(service, 2);
    await revokeAll(alice, stack.issuer);
    await indexed(service, 1);
    const operator = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
    await operator('POST', 'not-before', { body: { client_id: service.registration.clientId } });
    expect((await listAt(service)).authorizations).toMatchObject([{ id: idOf(service, 'bob'), in_force: false }]);
  });

  it('takes no cursor of another service’s list', async () => {
    const [one, other] = [await register(stack.issuer), await register(stack.issuer)];
    for (const login of logins) await one.code(await signedInAt(stack, login));
    await indexed(one, 4);
    const { next } = await listAt(one, '&limit=1');
    const path = `authorizations?client_id=${other.registration.clientId}&after=${next}`;
    expect(refusedWith(await call('GET', path))).toEqual([400, 'invalid_request']);
  });
});

describe('a person', () => {
  const accountOf = (login: Login): string => users.find((one) => one.login === login)?.preferredUsername ?? '';
  const subjectOf = (login: Login): string => users.find((one) => one.login === login)?.objectId ?? '';

  it('is found by account name in any letter case, and by subject; nobody else is', async () => {
    await signedInAt(stack, 'alice');
    const found = async (query: string) =>
      (await call('GET', `people?${query}`)).body.people as readonly Authorization[];
    const account = accountOf('alice').toUpperCase();
    await expect.poll(() => found(`account=${encodeURIComponent(account)}`), patience).toHaveLength(1);
    const [person] = await found(`account=${encodeURIComponent(account)}`);
    expect(person).toMatchObject({ person: pseudonymOf(stack, 'alice'), name: expect.stringMatching(/Alice/) });
    expect(await found(`subject=${subjectOf('alice')}`)).toEqual([person]);
    expect(await found('account=nobody')).toEqual([]);
    expect(await found('subject=nobody')).toEqual([]);
    expect((await call('GET', `people/${pseudonymOf(stack, 'alice')}`)).body).toEqual(person);
  });

  it('has their authorizations listed in pages, in two transactions', async () => {
    const olga = await signedInAt(stack, 'olga');
    const services = [await register(stack.issuer), await register(stack.issuer), await register(stack.issuer)];
    for (const service of services) await service.tokens(olga);
    const path = `people/${pseudonymOf(stack, 'olga')}/authorizations`;
    await call('GET', path);
    stack.tableProxy.requests.length = 0;
    const all = (await call('GET', path)).body.authorizations as readonly Authorization[];
    expect(stack.tableProxy.requests.length).toBe(authenticating + 2);
    const mine = all.find(({ id }) => services[0] && id === idOf(services[0], 'olga'));
    expect(mine).toMatchObject({
      client_id: services[0]?.registration.clientId,
      client_name: 'Fabrikam Reports',
      in_force: true,
      sessions: 1,
      permissions: [{ scope: 'vso.code' }, { scope: 'vso.work' }],
    });
    const first = (await call('GET', `${path}?limit=1`)).body;
    const second = (await call('GET', `${path}?limit=100&after=${first.next}`)).body;
    expect([...(first.authorizations as []), ...(second.authorizations as [])]).toEqual(all);
  });
});

describe('one authorization', () => {
  it('is read with its sessions, in three transactions', async () => {
    const service = await register(stack.issuer);
    const bob = await signedInAt(stack, 'bob');
    for (let count = 0; count < 2; count++) await service.tokens(bob, { scope: 'vso.work' });
    const path = `authorizations/${idOf(service, 'bob')}`;
    await call('GET', path);
    stack.tableProxy.requests.length = 0;
    const { body, headers } = await call('GET', path);
    expect(stack.tableProxy.requests.length).toBe(authenticating + 3);
    expect(headers.get('etag')).toMatch(/^"/);
    expect(body).toMatchObject({
      id: idOf(service, 'bob'),
      lasting: 'until revoked',
      redirect_hosts: ['reports.fabrikam.example'],
      sessions: [
        { state: 'active', permissions: [{ scope: 'vso.work' }] },
        { state: 'active', permissions: [{ scope: 'vso.work' }] },
      ],
    });
  });
});

describe('every look', () => {
  it('is in the audit log before it is answered, with what was asked for; where that cannot be written, nothing is shown', async () => {
    const service = await register(stack.issuer);
    await service.code(await signedInAt(stack, 'bob'));
    const bob = pseudonymOf(stack, 'bob');
    const { clientId } = service.registration;
    const looks = [
      ['people?account=somebody', 'person.looked_for'],
      [`people/${bob}`, 'person.read'],
      [`people/${bob}/authorizations`, 'person.read'],
      [`authorizations?client_id=${clientId}`, 'client.authorizations_read'],
      [`authorizations/${idOf(service, 'bob')}`, 'authorization.read'],
    ] as const;
    for (const [path, event] of looks) {
      const count = (await auditRows(stack)).filter((row) => row.event === event).length;
      expect((await call('GET', path)).status).toBe(200);
      await audited(stack, (row) => row.event === event && row.actorKind === 'auditor', count + 1);
      stack.tableProxy.rule = ({ path: at, method }) =>
        method === 'POST' && at.startsWith('/audit') ? { kind: 'throttle' } : undefined;
      const refused = await call('GET', path).finally(() => {
        stack.tableProxy.rule = undefined;
      });
      expect([path, refused.status]).toEqual([path, 503]);
    }
  });

  it('names nobody in the log of the app', async () => {
    await call('GET', 'people?account=very.private%40example.com');
    await call('GET', 'people?subject=very-private-subject');
    expect(stack.hostOutput()).toContain('person.looked_for');
    expect(stack.hostOutput()).not.toMatch(/very.private/);
  });
});
