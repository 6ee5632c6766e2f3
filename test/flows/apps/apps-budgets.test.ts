/** What the pages of a person's services cost in storage transactions, counted at the wire: never by what others have. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appPageOf, type Filled, idOf, plannerForm, registerApp, sendForm } from '../../support/apps.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let service: Service;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  olga = await signedInAt(stack, 'olga');
  service = await registerApp(olga, stack);
  await registerApp(olga, stack);
});

afterAll(() => stack.stop());

/** What every instance reads once in a while is read before; deliveries after answers are counted apart. */
const cost = async (send: () => Promise<Response>): Promise<readonly [status: number, transactions: number]> => {
  await okJson(demoServices(stack.issuer).api.introspect({ token: 'nothing' }));
  await olga.send(`${stack.issuer}/apps`);
  stack.tableProxy.requests.length = 0;
  const { status } = await send();
  return [status, stack.tableProxy.requests.length];
};

const page = (path: string) => () => olga.send(`${stack.issuer}/apps${path}`);

/** The form of that page, which is fetched before anything is counted. */
const form = async (path: string, action: string, filled: Filled = {}) => {
  const shown = await appPageOf(olga, stack, path);
  return () => sendForm(olga, shown, action, filled);
};

describe('a page of a person’s services takes', () => {
  it('2 for the list, session and which they are, and 1 for each of them', async () => {
    expect(await cost(page(''))).toEqual([200, 2 + 2]);
  });

  it('1 for the form of a new one: the session', async () => {
    expect(await cost(page('/new'))).toEqual([200, 1]);
  });

  it('3 for one of them: session, service, and how it fares', async () => {
    expect(await cost(page(`/${idOf(service)}`))).toEqual([200, 3]);
  });

  it.each(['edit', 'secrets', 'owners', 'delete'])('2 for its page %s: session and service', async (part) => {
    expect(await cost(page(`/${idOf(service)}/${part}`))).toEqual([200, 2]);
  });

  it('2 for an invitation: session and service', async () => {
    const made = await (await form(`/${idOf(service)}/owners`, '/owners', { invite: 'yes' }))();
    const link = /join\?invitation=[\w%.-]+/.exec(await made.text())?.[0] ?? '';
    expect(await cost(page(`/${link}`))).toEqual([200, 2]);
  });
});

describe('a change takes', () => {
  beforeEach(async () => {
    service = await registerApp(olga, stack);
  });

  it('5 for a registration: session, its line in the audit log, the list of theirs read and written, the service', async () => {
    expect(await cost(await form('/new', '/apps/new', plannerForm))).toEqual([200, 5]);
  });

  it('5 for another text: session, service, the version that the form comes back with, line in the audit log, service', async () => {
    const edit = await form(`/${idOf(service)}/edit`, '/edit', { description: 'Plans what comes next' });
    expect(await cost(edit)).toEqual([303, 5]);
  });

  it('1 more for a permission that is taken away: word to resource servers', async () => {
    const edit = await form(`/${idOf(service)}/edit`, '/edit', { scope: 'vso.work' });
    expect(await cost(edit)).toEqual([303, 6]);
  });

  it('5 for a secret: session, service, line in the audit log, service, and the page', async () => {
    const add = await form(`/${idOf(service)}/secrets`, '/secrets', { name: 'Second', days: '60' });
    expect(await cost(add)).toEqual([200, 5]);
  });

  it('10 to delete one: session, service, audit log, word to resource servers, not-before (3), service, the list of its owner (2)', async () => {
    expect(await cost(await form(`/${idOf(service)}/delete`, '/delete'))).toEqual([303, 10]);
  });
});
