/** Initial access tokens in the console: made and shown once, listed, withdrawn. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import type { Page, Person } from '../../support/person.ts';
import { callRegister } from '../../support/registration.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack({ settings: { REGISTRATION: 'token' } });
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

const opened = (person = olga): Promise<Page> => consoleAt(person, stack, '/services/tokens');
const issued = async (uses = '2', days = '3'): Promise<Page> =>
  sendForm(olga, await opened(), { button: ['do', 'issue'], typed: { uses, days } });

const tokenIn = (html: string): string => /assent_it_[\w-]+/.exec(html)?.[0] ?? '';

const registers = async (token: string): Promise<number> =>
  (
    await callRegister(stack.issuer, {
      body: {
        client_name: 'By itself',
        redirect_uris: ['https://self.example/back'],
        token_endpoint_auth_method: 'none',
      },
      token,
    })
  ).status;

/** The ids in the list, every page of it. */
const listed = async (): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let path: string | undefined = '/services/tokens'; path !== undefined; ) {
    const { html }: Page = await consoleAt(audrey, stack, path);
    ids.push(...[...html.matchAll(/<code dir="ltr">([\da-f]{32})<\/code>/g)].map(([, id = '']) => id));
    path = /rel="next" href="\/console([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  return ids;
};

describe('initial access tokens in the console', () => {
  it('are made for as many services as is typed, and shown once', async () => {
    const { html } = await issued('2');
    const token = tokenIn(html);
    expect([await registers(token), await registers(token), await registers(token)]).toEqual([201, 201, 401]);
    expect((await opened()).html).not.toContain(token);
  });

  it('are made once by a form that is sent twice', async () => {
    const page = await opened();
    const sent = () => sendForm(olga, page, { button: ['do', 'issue'], typed: { uses: '1', days: '1' } });
    expect(tokenIn((await sent()).html)).toBe(tokenIn((await sent()).html));
  });

  it('are listed page by page, each once, also for auditors', async () => {
    const before = new Set(await listed());
    for (let more = 0; more < 30; more++) await issued('1', '1');
    const all = await listed();
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((id) => !before.has(id))).toHaveLength(30);
    expect((await opened(audrey)).html).not.toMatch(/<form[^>]*tokens/);
  });

  it('are withdrawn, and then let nobody register', async () => {
    const before = new Set(await listed());
    const token = tokenIn((await issued()).html);
    const [id = ''] = (await listed()).filter((one) => !before.has(one));
    let path: string | undefined = '/services/tokens';
    let page: Page = await opened();
    while (!page.html.includes(id) && path !== undefined) {
      path = /rel="next" href="\/console([^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
      if (path !== undefined) page = await consoleAt(olga, stack, path);
    }
    const done = await sendForm(olga, page, { button: ['id', id] });
    expect(done.status).toBe(400);
    const again = await sendForm(olga, page, { button: ['id', id], typed: { do: 'withdraw' } });
    expect(again.html).toContain('Withdrawn.');
    expect(await registers(token)).toBe(401);
  });

  it.each([
    ['0', '1'],
    ['', '1'],
    ['1.5', '1'],
    ['99999', '1'],
    ['1', '400'],
    ['1', 'a'],
  ])('are not made for "%s" services and "%s" days', async (uses, days) => {
    const { status, html } = await issued(uses, days);
    expect([status, html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
  });
});
