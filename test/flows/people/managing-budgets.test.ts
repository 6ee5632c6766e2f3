/** What the pages of a person's own cost in storage transactions, counted at the wire: never by how much others have. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formTokenIn, idOf, pageOf } from '../../support/managing.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let service: Service;
let token: string;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
  service = await register(stack.issuer);
  await service.tokens(alice, { scope: 'vso.work vso.code vso.build' });
  token = formTokenIn(await pageOf(alice, `${stack.issuer}/sessions`));
});

afterAll(() => stack.stop());

/** What every instance reads once in a while is read before; deliveries after answers are counted apart. */
const cost = async (send: () => Promise<Response>): Promise<readonly [status: number, transactions: number]> => {
  await okJson(demoServices(stack.issuer).api.introspect({ token: 'nothing' }));
  await alice.send(`${stack.issuer}/authorizations`);
  stack.tableProxy.requests.length = 0;
  const { status } = await send();
  return [status, stack.tableProxy.requests.length];
};

const get = (path: string) => () => alice.send(`${stack.issuer}${path}`);

const post = (path: string, fields: Readonly<Record<string, string>>) => () =>
  alice.send(`${stack.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ token, ...fields }),
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });

describe('a page of a person’s own takes', () => {
  it('2 for the list: session and one range; a search no more', async () => {
    expect(await cost(get('/authorizations'))).toEqual([200, 2]);
    expect(await cost(get('/authorizations?q=vso.code'))).toEqual([200, 2]);
  });

  it('4 for one service: session, grant, its sessions, the newest of the history', async () => {
    expect(await cost(get(`/authorizations/${idOf(service)}`))).toEqual([200, 4]);
  });

  it('2 for sessions, 1 for what leads to the data, 3 for the data: session, range and services looked after', async () => {
    expect(await cost(get('/sessions'))).toEqual([200, 2]);
    expect(await cost(get('/my-data'))).toEqual([200, 1]);
    expect(await cost(get('/my-data/erase'))).toEqual([200, 1]);
    expect(await cost(get('/my-data/download'))).toEqual([200, 3]);
  });
});

describe('taking something back takes', () => {
  beforeEach(async () => {
    service = await register(stack.issuer);
    await service.tokens(alice, { scope: 'vso.work vso.code vso.build' });
  });

  const authorization = () => idOf(service);

  it('7 for one permission: session, grant and its sessions, both anew in their turn, word to resource servers, one batch', async () => {
    const detail = await pageOf(alice, `${stack.issuer}/authorizations/${idOf(service)}`);
    const permission = /name="permission" value="([^"]* vso\.build)"/.exec(detail.html)?.[1] ?? '';
    const narrow = post('/authorizations/narrow', { authorization: authorization(), permission });
    expect(await cost(narrow)).toEqual([303, 7]);
  });

  it('6 for one session of a service: session, the family, grant and its sessions, word to resource servers, one batch', async () => {
    await stack.clock.move(2);
    await service.tokens(alice, { scope: 'vso.work' });
    const detail = await pageOf(alice, `${stack.issuer}/authorizations/${idOf(service)}`);
    const connection = /name="connection" value="(\w+)"/.exec(detail.html)?.[1] ?? '';
    const end = post('/authorizations/end-connection', { authorization: authorization(), connection });
    expect(await cost(end)).toEqual([303, 6]);
  });

  it('4 for a session of another browser: session, the other one, one batch, and the list again', async () => {
    const other = await signedInAt(stack);
    const { html } = await pageOf(other, `${stack.issuer}/sessions`);
    const row = html.split('<li>').find((one) => one.includes('<span class="badge">')) ?? '';
    const session = /name="session" value="([^"]+)"/.exec(row)?.[1] ?? '';
    expect(await cost(post('/sessions/end', { session }))).toEqual([200, 4]);
  });

  it('4 for all of a service: session, grant, word to resource servers, one batch', async () => {
    expect(await cost(post('/authorizations/revoke', { authorization: authorization() }))).toEqual([303, 4]);
  });
});
