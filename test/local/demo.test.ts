/** The demo service and its API, as examples that others will copy. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoStack, startDemoStack } from '../support/demo.ts';
import { formsIn } from '../support/forms.ts';
import { createPerson, type Page, type Person } from '../support/person.ts';

let demo: DemoStack;

beforeAll(async () => {
  demo = await startDemoStack();
});

afterAll(() => demo.stop());

const person = (login: string): Person =>
  createPerson({
    login,
    issuer: demo.stack.issuer,
    providerIssuer: `http://localhost:${demo.stack.ports.provider}`,
    inside: [demo.boards],
  });

const page = async (arrival: Promise<{ kind: string }>): Promise<Page> => {
  const arrived = await arrival;
  if (arrived.kind !== 'page') throw new Error('left the stack');
  return arrived as Page;
};

const open = (who: Person, path: string): Promise<Page> => page(who.visit(`${demo.boards}${path}`));

const approve = (who: Person, asked: Page, permissions?: readonly string[]): Promise<Page> =>
  page(who.decide(asked, { decision: 'approve', ...(permissions === undefined ? {} : { permissions }) }));

const disconnect = async (who: Person, shown: Page): Promise<Page> => {
  const form = formsIn(shown.html).find(({ action }) => action === '/disconnect');
  if (form === undefined) throw new Error(`not connected:\n${shown.html}`);
  return page(who.submit(shown, form));
};

const revokeAll = async (who: Person): Promise<void> => {
  const mine = await page(who.visit(`${demo.stack.issuer}/authorizations`));
  const form = formsIn(mine.html).find(({ action }) => action === '/authorizations/revoke');
  if (form !== undefined) await who.submit(mine, form);
};

const itemsOn = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<li><span><b>(.*?)<\/b>/g)].map(([, t = '']) => t);

describe('the demo service', () => {
  it('connects in both of two tabs that were opened before either was answered', async () => {
    const alice = person('alice');
    await open(alice, '/');
    const first = await open(alice, '/connect');
    const second = await open(alice, '/connect');
    const connected = await approve(alice, first);
    expect(connected.url.href).toBe(`${demo.boards}/`);
    expect(itemsOn(connected)).toHaveLength(4);
    const again = await approve(alice, second);
    expect(again.url.href).toBe(`${demo.boards}/`);
    expect(itemsOn(again)).toHaveLength(4);
    await disconnect(alice, again);
    await revokeAll(alice);
  });

  it('does without what was unticked: it says what is missing, and asks again when told to', async () => {
    const alice = person('alice');
    const limited = await approve(alice, await open(alice, '/connect'), ['vso.code']);
    expect([limited.url.href, limited.status]).toEqual([`${demo.boards}/`, 200]);
    expect(limited.html).toContain('You did not allow <b>See your work items</b>');
    expect(limited.html).toContain('href="/connect">Ask again');
    expect(itemsOn(limited)).toEqual([]);
    const asked = await open(alice, '/connect');
    expect(asked.url.origin).toBe(demo.stack.issuer);
    const whole = await approve(alice, asked, ['vso.code', 'vso.work']);
    expect(itemsOn(whole)).toHaveLength(4);
    expect(whole.html).not.toContain('You did not allow');
    await disconnect(alice, whole);
    await revokeAll(alice);
  });

  it('shows the work items when only the code was unticked, and what it cannot do', async () => {
    const alice = person('alice');
    const shown = await approve(alice, await open(alice, '/connect'), ['vso.work']);
    expect(itemsOn(shown)).toHaveLength(4);
    expect(shown.html).toContain('You did not allow <b>See your source code</b>');
    await disconnect(alice, shown);
    await revokeAll(alice);
  });

  it('shows everybody the work that is theirs', async () => {
    const [alice, bob] = [person('alice'), person('bob')];
    const hers = await approve(alice, await open(alice, '/connect'));
    const his = await approve(bob, await open(bob, '/connect'));
    expect(hers.html).toContain('Assigned to Alice Adams');
    expect(his.html).toContain('Assigned to Bob Baker');
    expect(itemsOn(his).length).toBeGreaterThan(0);
    expect(itemsOn(hers).filter((title) => itemsOn(his).includes(title))).toEqual([]);
  });

  it('refuses the answer of another browser', async () => {
    const [alice, bob] = [person('alice'), person('bob')];
    await revokeAll(alice);
    const asked = await open(alice, '/connect');
    const state = new URL(asked.url).searchParams.get('state') ?? '';
    const forged = await open(bob, `/callback?code=x&state=${state}&iss=${encodeURIComponent(demo.stack.issuer)}`);
    expect(forged.status).toBe(400);
  });
});

describe('the addresses of the demo', () => {
  it.each([
    ['the demo service', () => demo.boards, 'Your work, on one board'],
    ['the API', () => `http://localhost:${demo.stack.ports.api}`, 'takes an access'],
    ['the sign-in', () => `http://localhost:${demo.stack.ports.provider}`, 'alice'],
  ])('%s says what it is', async (_what, address, words) => {
    const response = await fetch(address());
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain(words);
  });
});
