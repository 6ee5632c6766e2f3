/** Owners make each other owners by links that are good once, and the last one stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appPageOf, idOf, registerApp, sendForm } from '../../support/apps.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import type { Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  olga = await signedInAt(stack, 'olga');
  alice = await signedInAt(stack, 'alice');
  bob = await signedInAt(stack, 'bob');
});

afterAll(() => stack.stop());

const owners = (person: Person, service: Service): Promise<Page> =>
  appPageOf(person, stack, `/${idOf(service)}/owners`);

/** The link that an owner gets. */
const invite = async (person: Person, service: Service): Promise<string> => {
  const answer = await sendForm(person, await owners(person, service), '/owners', { invite: 'yes' });
  const link = /http[^<]*\/apps\/join\?invitation=[\w%.-]+/.exec(await answer.text())?.[0];
  if (link === undefined) throw new Error(`no link: ${answer.status}`);
  return link;
};

const open = async (person: Person, link: string): Promise<Page> => {
  const arrival = await person.visit(link);
  if (arrival.kind !== 'page') throw new Error('no page');
  return arrival;
};

const join = async (person: Person, link: string): Promise<Response> =>
  sendForm(person, await open(person, link), '/apps/join');

/** The hidden field that takes the owner of this name away. */
const removalOf = ({ html }: Page, name: string): string => {
  const card = html.split('<article').find((one) => one.includes(name)) ?? '';
  return /name="remove" value="([0-9a-f]+)"/.exec(card)?.[1] ?? '';
};

describe('an invitation', () => {
  it('makes one person an owner, who can then do all that an owner does', async () => {
    const service = await registerApp(olga, stack);
    const link = await invite(olga, service);
    const page = await open(alice, link);
    expect(page.html).toContain('Do you want to look after <bdi>Fabrikam Planner</bdi>?');
    expect((await join(alice, link)).headers.get('location')).toBe(`/apps/${idOf(service)}`);
    expect((await appPageOf(alice, stack)).html).toContain(idOf(service));
    const edit = await appPageOf(alice, stack, `/${idOf(service)}/edit`);
    expect((await sendForm(alice, edit, '/edit', { description: 'By Alice' })).status).toBe(303);
    expect((await owners(olga, service)).html).toContain('Alice');
  });

  it('is good once', async () => {
    const service = await registerApp(olga, stack);
    const link = await invite(olga, service);
    await join(alice, link);
    const late = await open(bob, link);
    expect([late.status, late.html]).toEqual([400, expect.stringContaining('This invitation is not open')]);
    expect((await appPageOf(bob, stack, `/${idOf(service)}`)).status).toBe(404);
  });

  it('makes one owner of two who open it at once, at two hosts', async () => {
    const service = await registerApp(olga, stack);
    const link = await invite(olga, service);
    const pages = [await open(alice, link), await open(bob, link)];
    const answers = await Promise.all(
      [alice, bob].map((person, index) => sendForm(person, pages[index] as Page, '/apps/join')),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 400]);
    const { html } = await owners(olga, service);
    expect(html.includes('Alice') !== html.includes('Bob')).toBe(true);
  });

  it('survives that whoever it is for must sign in first', async () => {
    const service = await registerApp(olga, stack);
    const link = await invite(olga, service);
    const page = await open(personAt(stack, 'bob'), link);
    expect([page.url.pathname, page.html]).toEqual([
      '/apps/join',
      expect.stringContaining('Do you want to look after'),
    ]);
  });

  it('can be withdrawn, ends after three days, and is nothing that can be guessed or altered', async () => {
    const service = await registerApp(olga, stack);
    const [withdrawn, old] = [await invite(olga, service), await invite(olga, service)];
    const page = await owners(olga, service);
    await sendForm(olga, page, '/owners', { withdraw: /name="withdraw" value="([\w-]+)"/.exec(page.html)?.[1] });
    expect((await open(alice, withdrawn)).status).toBe(400);
    for (const link of [
      `${old}x`,
      old.slice(0, -1),
      old.replace(/app-[\w-]{4}/, 'app-AAAA'),
      `${stack.issuer}/apps/join`,
    ])
      expect((await open(alice, link)).status).toBe(400);
    expect((await open(alice, old)).status).toBe(200);
    await stack.clock.move(3 * 86_400);
    const later = await signedInAt(stack, 'alice');
    expect((await open(later, old)).status).toBe(400);
    await stack.clock.reset();
    await stack.restartHost();
    for (const one of [olga, alice, bob]) await one.visit(`${stack.issuer}/sign-in`);
  });

  it('is refused when there are ten already', async () => {
    const service = await registerApp(olga, stack);
    for (let made = 0; made < 10; made++) await invite(olga, service);
    const answer = await sendForm(olga, await owners(olga, service), '/owners', { invite: 'yes' });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('There are enough owners and invitations'),
    ]);
  });
});

describe('an owner', () => {
  it('can be removed by another, and is then nobody to the service', async () => {
    const service = await registerApp(olga, stack);
    await join(alice, await invite(olga, service));
    const page = await owners(olga, service);
    const answer = await sendForm(olga, page, '/owners', { remove: removalOf(page, 'Alice') });
    expect(answer.status).toBe(303);
    expect((await appPageOf(alice, stack, `/${idOf(service)}`)).status).toBe(404);
    expect((await appPageOf(alice, stack)).html).not.toContain(idOf(service));
  });

  it('cannot leave as the last one: the page does not offer it, and a form that asks is refused', async () => {
    const service = await registerApp(olga, stack);
    const both = await (async () => {
      await join(alice, await invite(olga, service));
      return owners(olga, service);
    })();
    expect((await sendForm(olga, both, '/owners', { remove: removalOf(both, 'Alice') })).status).toBe(303);
    const alone = await owners(olga, service);
    expect(alone.html).not.toContain('name="remove"');
    const answer = await sendForm(olga, alone, '/owners', { remove: removalOf(both, 'Olga') });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('A service must have an owner'),
    ]);
  });

  it('of two who leave at once one stays', async () => {
    const service = await registerApp(olga, stack);
    await join(alice, await invite(olga, service));
    const pages = [await owners(olga, service), await owners(alice, service)];
    const answers = await Promise.all([
      sendForm(olga, pages[0] as Page, '/owners', { remove: removalOf(pages[0] as Page, 'Olga') }),
      sendForm(alice, pages[1] as Page, '/owners', { remove: removalOf(pages[1] as Page, 'Alice') }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 400]);
  });
});
