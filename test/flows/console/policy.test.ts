/** What operators rule, in the console: seen, tried out and changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import type { Admin } from '../../support/admin.ts';
import { adminWith, ownTokenOf } from '../../support/admin.ts';
import { pseudonymOf } from '../../support/audit.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { freePolicy, rule, ruleService, untilFound } from '../../support/policy.ts';
import { demoServices, register } from '../../support/service.ts';
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

const opened = (): Promise<Page> => consoleAt(olga, stack, '/policy');
const previewed = (page: Page, typed: Readonly<Record<string, string>>): Promise<Page> =>
  sendForm(olga, page, { button: ['do', 'preview'], typed });
const saved = (page: Page): Promise<Page> => sendForm(olga, page, { button: ['do', 'save'] });
const ruled = async (): Promise<unknown> => (await call('GET', 'policy')).body;

describe('the policy in the console', () => {
  it('says what a change will do to whom, and changes nothing until it is saved', async () => {
    await rule(stack, call);
    const preview = await previewed(await opened(), {
      third_party_access: 'off',
      longest: '30',
      longest_unit: 'days',
      acr: 'mfa urn:x',
      age: '12',
      age_unit: 'hours',
    });
    expect(preview.status).toBe(200);
    expect(preview.html).toContain('Nobody can connect a service.');
    expect(preview.html).toContain('30 days after each approval');
    expect(preview.html).toContain('authorization now.');
    expect(await ruled()).toEqual(freePolicy);
    const done = await saved(preview);
    expect([done.url.search, done.html]).toEqual(['?saved=yes', expect.stringContaining('Third-party access is off')]);
    expect(await ruled()).toEqual({
      ...freePolicy,
      third_party_access: 'off',
      longest_authorization_seconds: 30 * 86_400,
      sign_in: { acr: ['mfa', 'urn:x'], max_age_seconds: 12 * 3_600 },
    });
  });

  it('offers the permissions of the catalogue for an operator’s approval, and keeps those that were chosen', async () => {
    await rule(stack, call);
    const page = await opened();
    const value = /name="permission" value="([^"]* vso\.code)"/.exec(page.html)?.[1] ?? '';
    const done = await saved(await previewed(page, { permission: value }));
    expect(done.html).toContain('1 permission needs an operator’s approval: vso.code');
    const form = formsIn(done.html).find(({ fields }) => fields.some((one) => one.value === 'preview'));
    const ticked = form?.fields.filter((one) => one.name === 'permission' && one.checked);
    expect(ticked?.map((one) => one.value)).toEqual([value]);
    expect((await previewed(done, { longest_unit: 'days' })).html).toContain('This changes nothing');
  });

  it('notices that another operator was first, at the preview and at saving, and overwrites nothing', async () => {
    await rule(stack, call);
    const page = await opened();
    const preview = await previewed(page, { registration: 'everyone' });
    await rule(stack, call, { other_services: 'blocked' });
    for (const late of [await saved(preview), await previewed(page, { registration: 'everyone' })]) {
      expect(late.status).toBe(400);
      expect(late.html).toContain('Another operator has changed the rules');
      expect(late.html).toContain('are <b>blocked</b>');
      expect(late.html).toContain('Everybody who can sign in can register services.');
      expect(late.html).toContain('Can ask again, and what it has works again');
      expect(await ruled()).toEqual({ ...freePolicy, other_services: 'blocked' });
    }
    await saved(await saved(preview));
    expect(await ruled()).toEqual({ ...freePolicy, registration: 'everyone' });
  });

  it.each([
    ['a number that is none', { longest: 'x"><script>', longest_unit: 'days' }, 'longest', 'write a number'],
    ['a life that is too short', { longest: '1', longest_unit: 'minutes' }, 'longest', '3600'],
    ['an age that is none', { age: '-', age_unit: 'days' }, 'age', 'write a number'],
    ['an age that is too long', { age: '99999999', age_unit: 'days' }, 'age', ''],
    ['a context that is too long', { acr: 'x'.repeat(300) }, 'acr', ''],
    ['a permission that there is not', { permission: 'https://api.example/ x' }, 'permissions', 'is not one of'],
    ['who registers is a word of nobody', { registration: '__proto__' }, 'registration', ''],
  ])('keeps what was typed, with the reason at its field: %s', async (_, typed, field, why) => {
    await rule(stack, call);
    const page = await previewed(await opened(), typed);
    expect(page.status).toBe(400);
    expect(page.html).toContain(`<a href="#${field}">`);
    expect(new RegExp(`id="${field}-problem">([^<]*)<`).exec(page.html)?.[1]).toContain(why);
    expect(page.html).toMatch(
      new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-problem" aria-invalid="true"`),
    );
    expect(page.html).not.toContain('"><script>');
    const [value = ''] = Object.values(typed);
    if (field !== 'registration')
      expect(formsIn(page.html).flatMap(({ fields }) => fields.map((one) => one.value))).toContain(value);
    expect(await ruled()).toEqual(freePolicy);
  });

  it('lists the services that have a rule of their own, to auditors as well, who get no form', async () => {
    const { registration } = await register(stack.issuer);
    await ruleService(stack, call, { clientId: registration.clientId, access: 'blocked' });
    const { html } = await consoleAt(audrey, stack, '/policy');
    expect(html).toContain(`/console/services/rule?client_id=${registration.clientId}`);
    expect(html).toContain('Blocked');
    expect(formsIn(html).filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describe('trying the rules in the console', () => {
  const formValues = (html: string) => formsIn(html).flatMap(({ fields }) => fields.map(({ value }) => value));

  /** Sends the form of a page that has this button, or that tries already, to be tried. */
  const triedFrom = async (page: Page, button: string | undefined, typed: Readonly<Record<string, string>> = {}) => {
    const form = formsIn(page.html).find(({ action, method, fields }) =>
      button === undefined
        ? action === '/console/policy/try' && method === 'POST'
        : fields.some(({ value }) => value === button),
    );
    if (form === undefined) throw new Error(`no form to try by: ${page.html}`);
    const arrival = await olga.submit(page, { ...form, action: '/console/policy/try' }, new URLSearchParams(typed));
    if (arrival.kind !== 'page') throw new Error(`left the console for ${arrival.location}`);
    return arrival;
  };

  const tried = (query: Readonly<Record<string, string>>): Promise<Page> =>
    consoleAt(audrey, stack, `/policy/try?${String(new URLSearchParams(query))}`);

  it('says to auditors as well what would happen to a person at a service, and what becomes of what it has', async () => {
    await rule(stack, call);
    const service = await register(stack.issuer, { client_name: 'Reports <b>\u202e' });
    await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    const subject = users.find((user) => user.login === 'alice')?.objectId ?? '';
    const asked = { subject, client_id: service.registration.clientId };
    const free = await tried(asked);
    expect(free.html).toContain('Goes on as it is.');
    expect(free.html).toContain('Reports &lt;b&gt;');
    expect(free.html).not.toContain('\u202e');
    await rule(stack, call, { third_party_access: 'off' });
    const stopped = await tried(asked);
    expect(stopped.html.split('<b>Stopped: ')).toHaveLength(3);
    expect(stopped.html).toContain('<b>Refuses</b>');
    expect(formsIn(stopped.html).filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('finds the person by the name of the account, and offers the services that there are', async () => {
    await rule(stack, call);
    const service = await register(stack.issuer);
    await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    await untilFound(call, 'alice@contoso.example');
    const { html } = await tried({ account: 'Alice@contoso.example', client_id: service.registration.clientId });
    expect(html).toContain('Goes on as it is.');
    expect(html).toContain(`/console/authorizations?person=${pseudonymOf(stack, 'alice')}`);
    expect(html).toContain('<option value="demo-web">');
    expect((await tried({ account: 'nobody@contoso.example', client_id: 'demo-web' })).html).toContain('nobody whose');
  });

  it('goes by rules that are typed and not saved yet, keeps them, and saves nothing', async () => {
    await rule(stack, call);
    const service = await register(stack.issuer);
    await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    await untilFound(call, 'alice@contoso.example');
    const preview = await previewed(await opened(), { third_party_access: 'off', longest: '30', longest_unit: 'days' });
    const begun = await triedFrom(preview, 'save');
    expect(begun.html).toContain('Third-party access is off');
    expect(begun.html).toContain('30 days after its approval');
    const person = { account: 'alice@contoso.example', client_id: service.registration.clientId };
    const result = await triedFrom(begun, undefined, person);
    expect(result.html.split('<b>Stopped: third-party access is off')).toHaveLength(3);
    expect(result.html).toContain('value="alice@contoso.example"');
    expect(await ruled()).toEqual(freePolicy);
    const back = await sendForm(olga, result, { button: ['do', 'preview'] });
    expect(back.html).toContain('Nobody can connect a service.');
    expect((await saved(back)).url.search).toBe('?saved=yes');
    expect(await ruled()).toMatchObject({ third_party_access: 'off', longest_authorization_seconds: 30 * 86_400 });
  });

  it('says of rules that mean nothing what is wrong with them', async () => {
    await rule(stack, call);
    const begun = await triedFrom(await previewed(await opened(), { longest: '30', longest_unit: 'days' }), 'save', {
      longest: 'x',
    });
    expect(begun.html).toContain('cannot be saved as they are');
    const result = await triedFrom(begun, undefined, { account: 'alice@contoso.example', client_id: 'demo-web' });
    expect([result.status, result.html]).toEqual([200, expect.stringContaining('write a number')]);
  });

  it.each([
    ['nobody', { client_id: 'demo-web' }, 'say which person'],
    ['two people', { client_id: 'demo-web', account: 'a', subject: 'b' }, 'say which person'],
    ['no service', { account: 'a' }, 'say at which service'],
    ['a service that there is not', { subject: 'x"><i>', client_id: 'unknown' }, 'there is no such client'],
    ['a moment that is none', { subject: 'x"><i>', client_id: 'demo-web', minutes: '-1' }, 'as a number'],
    ['a scope that there is not', { subject: 'x', client_id: 'demo-web', scope: 'no.such' }, 'role="alert"'],
  ])('keeps what was typed, with the reason: %s', async (_, query, why) => {
    const { html, status } = await tried(query);
    expect([status, html]).toEqual([200, expect.stringContaining(why)]);
    for (const value of Object.values(query)) expect(formValues(html)).toContain(value);
    expect(html).not.toContain('"><i>');
  });
});
