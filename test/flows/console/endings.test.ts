/** Ending many authorizations in the console: a dry run, an order, and how far it has come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../support/audit.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { indexOf } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { plantAuthorizations } from '../../support/planted.ts';
import { putRow } from '../../support/rows.ts';
import { refusalOf, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 200 };

const indexed = (service: Service, count: number): Promise<void> =>
  expect.poll(async () => (await indexOf(stack, service.registration.clientId)).count, patience).toBe(count);

const authorizedBy = async (logins: readonly Login[], name = 'Fabrikam Reports') => {
  const service = await register(stack.issuer, { client_name: name });
  const tokens = [];
  for (const login of logins) tokens.push(await service.tokens(await signedInAt(stack, login), { scope: 'vso.work' }));
  await indexed(service, logins.length);
  return { service, tokens };
};

const dryRun = (person: Person, rule: Readonly<Record<string, string>>): Promise<Page> =>
  consoleAt(person, stack, `/authorizations/endings/new?${String(new URLSearchParams(rule))}`);

const orderFrom = (page: Page, typed: Readonly<Record<string, string>> = { sure: 'yes' }): Promise<Page> =>
  sendForm(olga, page, { button: ['do', 'order'], typed });

const again = async (page: Page): Promise<Page> =>
  consoleAt(olga, stack, `${page.url.pathname.replace('/console', '')}${page.url.search}`);

const isDone = async (page: Page): Promise<Page> => {
  await expect.poll(async () => (await again(page)).html, patience).toContain('Done');
  return again(page);
};

const invalidGrant = { status: 400, error: 'invalid_grant' };

describe('ending many authorizations', () => {
  it('shows first how many those are and some of them, with names made harmless; auditors see that and no button', async () => {
    const { service, tokens } = await authorizedBy(['alice', 'bob'], 'Reports <i>\u202e');
    const rule = { client_id: service.registration.clientId };
    for (const person of [olga, audrey]) {
      const { html } = await dryRun(person, rule);
      expect(html).toContain('That would end 2 authorizations');
      expect(html).toContain('bob@contoso.example');
      expect(html).toContain('Reports &lt;i&gt;<');
      expect(html).not.toContain('\u202e');
      expect(formsIn(html).some(({ method }) => method === 'POST')).toBe(person === olga);
    }
    expect((await service.refresh(tokens[0]?.refresh_token ?? '')).status).toBe(200);
  });

  it('ends all of a service once the box is ticked, and says how far it came; other services go on', async () => {
    const { service, tokens } = await authorizedBy(['alice', 'bob']);
    const other = await authorizedBy(['alice']);
    const page = await dryRun(olga, { client_id: service.registration.clientId });
    const unsure = await orderFrom(page, {});
    expect([unsure.status, unsure.html]).toEqual([400, expect.stringContaining('tick the box')]);
    expect(unsure.html).toContain('That would end 2 authorizations');
    const ordered = await orderFrom(unsure);
    expect(ordered.url.pathname).toBe('/console/authorizations/endings/one');
    const done = await isDone(ordered);
    expect(done.html).toContain('2 authorizations ended');
    expect(done.headers.get('refresh')).toBeNull();
    for (const { refresh_token: token } of tokens)
      expect(await refusalOf(service.refresh(token))).toEqual(invalidGrant);
    expect((await other.service.refresh(other.tokens[0]?.refresh_token ?? '')).status).toBe(200);
    expect((await consoleAt(audrey, stack, '/authorizations/endings')).html).toContain(service.registration.clientId);
    expect((await dryRun(olga, { client_id: service.registration.clientId })).html).toContain('nothing');
  });

  it('ends what a person decided before a day and that holds a permission, and nothing else of theirs', async () => {
    const early = await authorizedBy(['bob']);
    const before = new Date(Date.now() + 120_000).toISOString().slice(0, 16);
    await stack.clock.move(240);
    const late = await authorizedBy(['bob']);
    const permission = (await dryRun(olga, {})).html.match(/<option value="([^"]* vso\.work)"/)?.[1] ?? '';
    expect(permission).not.toBe('');
    const page = await dryRun(olga, { person: pseudonymOf(stack, 'bob'), before, permission });
    expect(page.html).toContain(early.service.registration.clientId);
    expect(page.html).not.toContain(late.service.registration.clientId);
    await isDone(await orderFrom(page));
    expect(await refusalOf(early.service.refresh(early.tokens[0]?.refresh_token ?? ''))).toEqual(invalidGrant);
    expect((await late.service.refresh(late.tokens[0]?.refresh_token ?? '')).status).toBe(200);
  });

  it('keeps what was typed wrongly, with the reason, and shows nothing that would end', async () => {
    const { html } = await dryRun(olga, { person: 'x"><script>', before: 'yesterday' });
    expect(html).toContain('say before which day and time');
    expect(html).toContain('value="x&quot;&gt;&lt;script&gt;"');
    expect(html).not.toContain('would end <');
    expect((await dryRun(audrey, { permission: 'nospace' })).html).toContain('role="alert"');
  });
});

describe('an order that is at work', () => {
  /** As one whose process died, until the timer finds it. */
  const running = async (): Promise<string> => {
    const { service } = await authorizedBy(['alice']);
    const page = await isDone(await orderFrom(await dryRun(olga, { client_id: service.registration.clientId })));
    const id = page.url.searchParams.get('id') ?? '';
    await putRow(stack, 'deployment', { PartitionKey: 'endings', RowKey: id.replace('.', ':'), state: 'running' });
    return id;
  };

  it('has a page that reloads itself until somebody stops that, and is found again among the orders', async () => {
    const id = await running();
    const path = `/authorizations/endings/one?id=${id}`;
    const page = await consoleAt(audrey, stack, path);
    expect(page.headers.get('refresh')).toBe('5');
    expect(page.html).not.toContain('http-equiv="refresh"');
    expect((await consoleAt(audrey, stack, `${path}&still=yes`)).headers.get('refresh')).toBeNull();
    expect((await consoleAt(audrey, stack, '/authorizations/endings')).html).toContain(`id=${id}`);
  });

  it('is stopped by an operator, once', async () => {
    const page = await consoleAt(olga, stack, `/authorizations/endings/one?id=${await running()}`);
    expect((await sendForm(olga, page, { button: ['do', 'stop'] })).html).toContain('Stopped');
    const late = await sendForm(olga, page, { button: ['do', 'stop'] });
    expect([late.status, late.html]).toEqual([400, expect.stringContaining('it is over already')]);
  });

  it('that there is not gets a page that says so', async () => {
    const page = await consoleAt(olga, stack, '/authorizations/endings/one?id=..%2Fx%23');
    expect([page.status, page.html]).toEqual([404, expect.stringContaining('Nothing to show')]);
  });
});

it('more than 25 people of a service are read page by page', async () => {
  const { service } = await authorizedBy(['alice']);
  const { clientId } = service.registration;
  await plantAuthorizations(stack, { clientId, like: pseudonymOf(stack, 'alice'), count: 29 });
  const first = await consoleAt(audrey, stack, `/authorizations?client_id=${clientId}`);
  expect(first.html).toContain('30 people have authorized');
  const next = first.html.match(/rel="next" href="([^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const second = await consoleAt(audrey, stack, next.replace('/console', ''));
  const rowsOf = ({ html }: Page) => html.split('scope="row"').length - 1;
  expect([rowsOf(first), rowsOf(second)]).toEqual([25, 5]);
});
