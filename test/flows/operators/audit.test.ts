/** Operators and auditors read the audit log: found by what they ask for, page by page, at a bounded cost; and the log says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { audited, pseudonymOf } from '../../support/audit.ts';
import { signedInAt } from '../../support/people.ts';
import { demoServices, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let service: Service;
let alice: string;

type Event = {
  readonly id: string;
  readonly at: number;
  readonly event: string;
  readonly client?: string;
  readonly person?: string;
};

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
  service = await register(stack.issuer);
  alice = pseudonymOf(stack, 'alice');
  for (const login of ['alice', 'bob'] as const) {
    const person = await signedInAt(stack, login);
    for (let visit = 0; visit < 5; visit++) await service.code(person);
  }
  const clientId = service.registration.clientId;
  await audited(stack, ({ client, actorKind }) => client === clientId && actorKind !== 'operator', 10);
});

afterAll(() => stack.stop());

const read = async (query: string): Promise<{ readonly events: readonly Event[]; readonly next?: string }> => {
  const { status, body } = await call('GET', `audit?${query}`);
  expect(status).toBe(200);
  return body as never;
};

describe('reading the audit log', () => {
  it('finds events of a service, of a name, of whoever did it', async () => {
    const { clientId } = service.registration;
    const ofClient = (await read(`client=${clientId}`)).events;
    expect(ofClient.map(({ event }) => event).sort()).toEqual([
      ...Array.from({ length: 2 }, () => 'authorization.granted'),
      ...Array.from({ length: 8 }, () => 'authorization.used'),
      'client.created',
    ]);
    expect((await read(`client=${clientId}&event=authorization.granted&actor=${alice}`)).events).toHaveLength(1);
    expect((await read('event=nothing.like_that')).events).toEqual([]);
    expect((await read('from=2020-01-01&to=2020-01-03')).events).toEqual([]);
  });

  it('goes newest first, and through all of it page by page, each event once', async () => {
    const { clientId } = service.registration;
    const seen: Event[] = [];
    let after: string | undefined = '';
    while (after !== undefined) {
      const { events, next }: Awaited<ReturnType<typeof read>> = await read(
        `client=${clientId}&limit=3${after === '' ? '' : `&after=${after}`}`,
      );
      expect(events.length).toBeLessThanOrEqual(3);
      seen.push(...events);
      after = next;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(11);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => b - a));
  });

  it('finds what a person did in that person’s own partition, by pseudonym or by claim, page by page', async () => {
    stack.tableProxy.requests.length = 0;
    const { events, next } = await read(`person=${alice}&limit=4`);
    const reads = stack.tableProxy.requests.filter(({ method, path }) => method === 'GET' && path.startsWith('/users'));
    expect(reads).toHaveLength(2);
    expect(
      stack.tableProxy.requests.filter(({ method, path }) => method === 'GET' && path.startsWith('/audit')),
    ).toEqual([]);
    expect(events).toHaveLength(4);
    const rest = await read(`person=${alice}&after=${next}`);
    const all = [...events, ...rest.events];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ person }) => person))).toEqual(new Set([alice]));
    expect(all.map(({ event }) => event)).toContain('person.signed_in');
    const { objectId } =
      (await import('../../../local/provider/users.ts')).users.find(({ login }) => login === 'alice') ?? {};
    expect((await read(`subject=${objectId}`)).events.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  it('takes no more transactions for a year without events than for a week', async () => {
    stack.tableProxy.requests.length = 0;
    const { next } = await read('from=2024-01-01&to=2024-12-31');
    expect(next).toBeDefined();
    expect(stack.tableProxy.requests.filter(({ path }) => path.startsWith('/audit')).length).toBeLessThan(60);
  });

  it('is in the log itself, with what was asked for', async () => {
    await read(`person=${alice}&event=authorization.granted`);
    const [row] = await audited(stack, ({ event, person }) => event === 'audit.read' && person === alice);
    expect(row).toMatchObject({ actorKind: 'operator', actor: 'local-operator' });
  });

  it('takes a cursor only of the same list: not of other filters, of the export, nor one that was made up or changed', async () => {
    const { clientId } = service.registration;
    const { next = '' } = await read(`client=${clientId}&limit=2`);
    expect(Buffer.from(next, 'base64url').toString()).not.toMatch(/^\[/);
    expect((await read(`client=${clientId}&limit=3&after=${next}`)).events).toHaveLength(3);
    const changed = `${next.slice(0, -1)}${next.endsWith('A') ? 'Q' : 'A'}`;
    const others = [
      `audit?after=${next}`,
      `audit?client=${clientId}&event=authorization.used&after=${next}`,
      `audit?person=${alice}&after=${next}`,
      `audit/export?after=${next}`,
      `audit?client=${clientId}&after=${changed}`,
      `audit?after=${Buffer.from('["2026-11-21","1234567890:abc"]').toString('base64url')}`,
    ];
    for (const other of others) expect(refusedWith(await call('GET', other))).toEqual([400, 'invalid_request']);
  });

  it('refuses a cursor that no page named, and days that are none', async () => {
    for (const after of [
      'x',
      Buffer.from('["2026-11-21","x y"]').toString('base64url'),
      Buffer.from('[1]').toString('base64url'),
    ])
      expect(refusedWith(await call('GET', `audit?after=${after}`))).toEqual([400, 'invalid_request']);
    for (const from of ['yesterday', '2026-02-30', '20261121'])
      expect(refusedWith(await call('GET', `audit?from=${from}`))).toEqual([400, 'invalid_request']);
  });
});
