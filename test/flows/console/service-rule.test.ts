/** The rule of one service in the console: seen, looked at before it is saved, and saved. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, refusalOf, register } from '../../support/service.ts';
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

const ofService = (clientId: string): string => String(new URLSearchParams({ client_id: clientId }));
const opened = (clientId: string, person = olga): Promise<Page> =>
  consoleAt(person, stack, `/services/rule?${ofService(clientId)}`);
const previewed = (page: Page, typed: Readonly<Record<string, string>>): Promise<Page> =>
  sendForm(olga, page, { button: ['do', 'preview'], typed });
const saved = (page: Page): Promise<Page> => sendForm(olga, page, { button: ['do', 'save'] });
const ruled = async (clientId: string): Promise<unknown> =>
  ((await call('GET', `policy/service?${ofService(clientId)}`)).body as { access: unknown }).access;

const registered = async (): Promise<string> =>
  (await register(stack.issuer, { client_name: 'Tailspin Rules' })).registration.clientId;

describe('the rule of a service in the console', () => {
  it('says what it will do to whom, and changes nothing until it is saved', async () => {
    const service = await register(stack.issuer, {});
    const { clientId } = service.registration;
    const tokens = await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    const preview = await previewed(await opened(clientId), { access: 'blocked' });
    expect([preview.status, preview.html]).toEqual([200, expect.stringContaining('What this will do')]);
    expect(await ruled(clientId)).toBe('default');
    const done = await saved(preview);
    expect(done.html).toContain('Saved.');
    expect(await ruled(clientId)).toBe('blocked');
    expect((await refusalOf(service.refresh(tokens.refresh_token))).error).toBe('unauthorized_client');
    await saved(await previewed(done, { access: 'default' }));
    expect(await ruled(clientId)).toBe('default');
  });

  it('approves a service for everyone, for the permissions that are ticked, and keeps them ticked', async () => {
    const clientId = await registered();
    const page = await opened(clientId);
    const value = /name="permission" value="([^"]* vso\.work)"/.exec(page.html)?.[1] ?? '';
    const done = await saved(await previewed(page, { access: 'approved_for_everyone', permission: value }));
    expect(done.html).toContain('Without asking</dt><dd><code dir="ltr">vso.work</code>');
    const fields = formsIn(done.html).flatMap((form) => form.fields);
    expect(fields.filter((one) => one.name === 'permission' && one.checked).map((one) => one.value)).toEqual([value]);
    expect(await ruled(clientId)).toBe('approved_for_everyone');
    expect((await previewed(done, {})).html).toContain('This changes nothing');
  });

  it('notices that another operator was first, and overwrites nothing', async () => {
    const clientId = await registered();
    const page = await opened(clientId);
    const preview = await previewed(page, { access: 'allowed' });
    await call('PUT', `policy/service?${ofService(clientId)}`, { body: { access: 'blocked' } });
    for (const late of [await saved(preview), await previewed(page, { access: 'allowed' })]) {
      expect(late.status).toBe(400);
      expect(late.html).toContain('Another operator has changed this rule');
    }
    expect(await ruled(clientId)).toBe('blocked');
  });

  it.each(['', 'everything', '__proto__'])('refuses the rule "%s"', async (access) => {
    const clientId = await registered();
    const { status, html } = await previewed(await opened(clientId), { access });
    expect([status, html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
  });

  it('can be of a service that its metadata document describes', async () => {
    const clientId = 'https://client.example/metadata.json';
    const done = await saved(await previewed(await opened(clientId), { access: 'blocked' }));
    expect([done.status, done.html]).toEqual([200, expect.stringContaining('Saved.')]);
    expect(await ruled(clientId)).toBe('blocked');
    expect((await consoleAt(olga, stack, '/policy')).html).toContain(`/console/services/rule?${ofService(clientId)}`);
  });

  it('is shown to auditors, without a form', async () => {
    const { html } = await opened(await registered(), audrey);
    expect(html).toContain('None of its own');
    expect(html).not.toContain('name="access"');
  });
});
