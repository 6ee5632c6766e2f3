/** "Manage authorizations" shows only what is there: what a service can still do, or what it takes until it can. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { administer, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const textOf = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

const pageOf = async (person: Person): Promise<Page> => {
  const arrival = await person.visit(`${stack.issuer}/authorizations`);
  if (arrival.kind !== 'page' || arrival.status !== 200) throw new Error('no list of authorizations');
  return arrival;
};

/** Texts of the cards, in their order. */
const cardsOf = async (person: Person): Promise<readonly string[]> =>
  [...(await pageOf(person)).html.matchAll(/<article[\s\S]*?<\/article>/g)].map(([card]) => textOf(card));

const cardOf = async (person: Person, name: string): Promise<string | undefined> =>
  (await cardsOf(person)).find((card) => card.includes(called(name)));

const historyOf = async (person: Person): Promise<string> =>
  textOf((await pageOf(person)).html.split('id="history"')[1] ?? '');

/** Of this try: no other has services of the same names. */
let round = 0;

beforeEach(() => {
  round += 1;
});

const called = (name: string): string => `${name} ${round}`;

const named = (name: string, metadata = {}) => register(stack.issuer, { client_name: called(name), ...metadata });

/** As an operator would, who reads the client first. */
const change = async ({ registration }: Service, changes: object): Promise<void> => {
  const path = `apps/${registration.clientId}`;
  const before = (await (await administer(stack.issuer, { method: 'GET', path })).json()) as object;
  const answer = await administer(stack.issuer, { method: 'PUT', path, body: { ...before, ...changes } });
  expect(answer.status).toBe(200);
};

const voidUpToNow = async (body: object): Promise<void> => {
  const answer = await administer(stack.issuer, { method: 'POST', path: 'not-before', body });
  expect(answer.status).toBe(200);
};

describe('the list of authorizations', () => {
  it('drops a service that an operator has deleted, and says who ended it', async () => {
    const service = await named('Adatum');
    await service.tokens(alice);
    expect(await cardOf(alice, 'Adatum')).toContain('1 active');
    await stack.clock.move(2);
    const path = `apps/${service.registration.clientId}`;
    expect((await administer(stack.issuer, { method: 'DELETE', path })).status).toBe(204);
    expect(await cardOf(alice, 'Adatum')).toBeUndefined();
    expect(await historyOf(alice)).toContain(
      `An operator removed ${called('Adatum')} , and ended what you had allowed it.`,
    );
  });

  it('drops what an operator has voided, and says so, until it is allowed anew', async () => {
    const service = await named('Proseware');
    await service.tokens(alice);
    await stack.clock.move(2);
    await voidUpToNow({ client_id: service.registration.clientId });
    expect(await cardOf(alice, 'Proseware')).toBeUndefined();
    expect(await historyOf(alice)).toContain(`An operator ended what you had allowed ${called('Proseware')} .`);
    await stack.clock.move(2);
    await service.tokens(alice);
    expect(await cardOf(alice, 'Proseware')).toContain('1 active');
  });

  it('names only permissions that the service still has', async () => {
    const service = await named('Tailspin');
    await service.tokens(alice, { scope: 'vso.work vso.code' });
    await change(service, { scope: 'vso.work' });
    const card = await cardOf(alice, 'Tailspin');
    expect(card).toContain('See your work items');
    expect(card).not.toContain('See your source code');
    await change(service, { scope: 'vso.build' });
    expect(await cardOf(alice, 'Tailspin')).toContain('Nothing of what you allowed is offered to it any more.');
  });

  it('tells what gave its access back from what is connected, and whether it will ask', async () => {
    const web = await named('Northwind');
    const { refresh_token: token } = await web.tokens(alice);
    expect(await cardOf(alice, 'Northwind')).toContain('May use');
    expect((await web.revoke({ token })).status).toBe(200);
    const card = await cardOf(alice, 'Northwind');
    expect(card).toContain('Not connected at the moment. It can connect again without asking you.');
    expect(card).not.toContain('May use');
    expect(card).not.toContain('Not used yet');
    expect((await alice.send(web.authorization({ prompt: 'none' }).url)).headers.get('location')).toContain('code=');

    const app = await named('Litware', {
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
    });
    const { refresh_token: other } = await app.tokens(alice);
    await app.revoke({ token: other });
    expect(await cardOf(alice, 'Litware')).toContain('It must ask you before it connects again.');
    const { headers } = await alice.send(app.authorization({ prompt: 'none' }).url);
    expect(headers.get('location')).toContain('error=consent_required');
  });

  it('says that a service is blocked', async () => {
    const service = await named('Woodgrove');
    await service.tokens(alice);
    await change(service, { assent_blocked: true });
    expect(await cardOf(alice, 'Woodgrove')).toContain('Blocked by an operator.');
    await change(service, { assent_blocked: false });
    expect(await cardOf(alice, 'Woodgrove')).toContain('May use');
  });

  it('begins with what was used last, and goes by name where nothing was', async () => {
    const bob = await signedInAt(stack, 'bob');
    const names = ['Zeta', 'Alpha', 'Omega', 'Beta'];
    const services = await Promise.all(names.map((name) => named(name)));
    const [zeta, alpha, omega, beta] = services as [Service, Service, Service, Service];
    await beta.code(bob);
    await alpha.code(bob);
    const { refresh_token: token } = await omega.tokens(bob);
    await stack.clock.move(5);
    await zeta.tokens(bob);
    const order = async () =>
      (await cardsOf(bob)).flatMap((card) => names.find((name) => card.includes(called(name))) ?? []);
    expect(await order()).toEqual(['Zeta', 'Omega', 'Alpha', 'Beta']);
    await stack.clock.move(5);
    await omega.refresh(token);
    expect(await order()).toEqual(['Omega', 'Zeta', 'Alpha', 'Beta']);
  });

  it('counts what a service does by itself, so that it pushes nothing else off the page', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await named('Chatterbox');
    await service.tokens(bob);
    for (let visits = 0; visits < 60; visits++) await bob.send(service.authorization().url);
    const history = await historyOf(bob);
    expect(history.match(new RegExp(`${called('Chatterbox')} connected again`, 'g'))).toHaveLength(1);
    expect(history).toContain('60 times, the last now');
    expect(history).toContain(`You authorized ${called('Chatterbox')} .`);
  });

  it('says that an operator ended everything, to who had allowed something', async () => {
    const olga = await signedInAt(stack, 'olga');
    await (await named('Contoso Nightly Reports', { assent_verified: true })).tokens(olga);
    await stack.clock.move(2);
    await voidUpToNow({ everyone: true });
    await stack.clock.move(2);
    const again = await signedInAt(stack, 'olga');
    expect(await cardsOf(again)).toEqual([]);
    expect(await historyOf(again)).toContain('An operator ended everything that you had allowed, and signed you out.');
  });
});
