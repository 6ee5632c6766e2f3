/** What can be asked for, in the console: seen, declared, changed and removed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Admin } from '../../support/admin.ts';
import { adminWith, ownTokenOf } from '../../support/admin.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack();
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

const see = { id: 'invoices.see', name: 'See invoices', description: 'Every invoice.' };
const resourceOf = (more: object = {}) => ({
  identifier: `https://${randomUUID()}.example`,
  name: 'Invoices',
  permissions: [see],
  ...more,
});

const at = (path: string, identifier: string): string => `/catalogue/${path}?${new URLSearchParams({ identifier })}`;
const apiAt = (identifier: string): string => `catalogue/resource?${new URLSearchParams({ identifier })}`;
const preview = (page: Page, declaration: string): Promise<Page> =>
  sendForm(olga, page, { button: ['do', 'preview'], typed: { declaration } });
const save = (page: Page): Promise<Page> => sendForm(olga, page, { button: ['do', 'save'] });
/** As people write it: in lines. */
const written = (declaration: object): string => JSON.stringify(declaration, undefined, 2).replaceAll('\n', '\r\n');

const declared = async (more: object = {}) => {
  const resource = resourceOf(more);
  expect(await call('POST', 'catalogue', { body: resource })).toMatchObject({ status: 201 });
  return resource;
};

describe('the catalogue in the console', () => {
  it('shows what the setting declares, the built-in permissions as well, and nothing to change it by', async () => {
    const list = await consoleAt(olga, stack, '/catalogue');
    expect(list.html).toContain('setting RESOURCES');
    const one = await consoleAt(olga, stack, at('one', 'https://api.assent.localhost'));
    expect(one.html).toContain('vso.work');
    expect(formsIn(one.html).filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('shows what operators declared, with names made harmless, to auditors without a form', async () => {
    const { identifier } = await declared({ name: 'Invoices <b>"' });
    for (const path of ['/catalogue', at('one', identifier)]) {
      const { html } = await consoleAt(audrey, stack, path);
      expect(html).toContain('Invoices &lt;b&gt;&quot;');
      expect(html).toContain('operators, here or through the API');
      expect(formsIn(html).filter(({ method }) => method === 'POST')).toEqual([]);
    }
  });

  it('declares a resource once it was said what that does', async () => {
    const resource = resourceOf({ 'name#de': 'Rechnungen' });
    const page = await preview(await consoleAt(olga, stack, '/catalogue/edit'), written(resource));
    expect([page.status, page.html]).toEqual([200, expect.stringContaining('What this will do')]);
    expect(await call('GET', apiAt(resource.identifier))).toMatchObject({ status: 404 });
    expect((await save(page)).html).toContain('Declared.');
    expect(await call('GET', apiAt(resource.identifier))).toMatchObject({
      status: 200,
      body: { declaration: resource },
    });
  });

  it('changes one, and notices that another operator was first', async () => {
    const resource = await declared();
    const page = await consoleAt(olga, stack, at('edit', resource.identifier));
    const later = await preview(page, written({ ...resource, permissions: [] }));
    expect(later.html).toContain('invoices.see');
    const theirs = { ...resource, name: 'Bills <i>' };
    await call('PUT', apiAt(resource.identifier), { body: theirs });
    const refused = await save(later);
    expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
    expect(refused.html).toContain('Bills &lt;i&gt;');
    expect((await call('GET', apiAt(resource.identifier))).body).toMatchObject({ declaration: theirs });
    const mine = written({ ...resource, name: 'Mine' });
    expect((await save(await preview(refused, mine))).html).toContain('Changed.');
    expect((await call('GET', apiAt(resource.identifier))).body).toMatchObject({ declaration: { name: 'Mine' } });
  });

  it('removes one, after saying what that takes away', async () => {
    const { identifier } = await declared();
    const page = await consoleAt(olga, stack, at('one', identifier));
    expect(page.html).toContain('Takes it and its 1 permission');
    expect((await sendForm(olga, page, { button: ['do', 'remove'] })).html).toContain('Removed.');
    expect(await call('GET', apiAt(identifier))).toMatchObject({ status: 404 });
    expect((await consoleAt(olga, stack, at('one', identifier))).status).toBe(404);
  });

  it.each([
    ['no JSON', '{"x"', 'is not JSON'],
    ['nothing at all', 'null', 'role="alert"'],
    [
      'a parent that is missing',
      written(resourceOf({ permissions: [{ ...see, inheritsFrom: 'no' }] })),
      'names no permission',
    ],
    ['a cycle', written(resourceOf({ permissions: [{ ...see, inheritsFrom: see.id }] })), 'includes itself'],
    ['no description', written(resourceOf({ permissions: [{ id: 'a', name: 'b' }] })), 'description'],
  ])('keeps what was typed, with the reason: %s', async (_, text, why) => {
    const page = await preview(await consoleAt(olga, stack, '/catalogue/edit'), text);
    expect([page.status, page.html]).toEqual([400, expect.stringContaining(why)]);
    expect(page.html).toContain(`\n${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</textarea>`);
  });
});
