/** A resource with as many permissions as one may have: every form on which people tick them takes all of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { registerApp } from '../../support/apps.ts';
import { consoleAt, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import { permissionsOf } from '../../support/permissions.ts';
import { freePolicy, rule } from '../../support/policy.ts';
import { auditRows } from '../../support/rows.ts';
import { demoServices, okJson, register, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const ids = Array.from({ length: 500 }, (_, index) => `p${index}`);
const scope = ids.join(' ');
const resource = {
  identifier: 'https://a-rather-long-name-of-an-api.example/v1',
  name: 'Everything',
  permissions: permissionsOf(...ids),
};

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify([resource]) } });
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
});

beforeEach(() => rule(stack, call));

afterAll(() => stack.stop());

const tickedIn = (html: string): readonly string[] =>
  formsIn(html)
    .flatMap(({ fields }) => fields)
    .filter(({ name, checked }) => name === 'permission' && checked)
    .map(({ value }) => value);

describe('five hundred permissions', () => {
  it('all need an operator once the policy was looked ahead at and saved in the console', async () => {
    const needs_operator = ids.map((id) => ({ resource: resource.identifier, scope: id }));
    expect((await call('PUT', 'policy', { body: { ...freePolicy, needs_operator } })).status).toBe(200);
    const olga = await signedInAt(stack, 'olga');
    const page = await consoleAt(olga, stack, '/policy');
    expect(tickedIn(page.html)).toHaveLength(500);
    const typed = { registration: 'everyone' };
    const preview = await sendForm(olga, page, { button: ['do', 'preview'], typed });
    expect(preview.html).toContain('Save these rules');
    const saved = await sendForm(olga, preview, { button: ['do', 'save'] });
    expect([saved.status, saved.html]).toEqual([200, expect.stringContaining('500 permissions need')]);
    expect((await call('GET', 'policy')).body).toMatchObject({ needs_operator, registration: 'everyone' });
  });

  it('are approved by a person, as many at once as may be asked for', async () => {
    const service = await register(stack.issuer, { scope });
    const asked = ids.slice(0, 250).join(' ');
    const tokens = await service.tokens(await signedInAt(stack), { scope: asked });
    expect(tokens.scope?.split(' ')).toHaveLength(250);
  });

  it('are withheld at once where they need an operator, and the audit log says which came', async () => {
    const service = await register(stack.issuer, { scope });
    const tokens = await service.tokens(await signedInAt(stack), { scope: 'p0 p1' });
    const needs_operator = ids.slice(1).map((id) => ({ resource: resource.identifier, scope: id }));
    await rule(stack, call, { needs_operator });
    expect((await okJson<TokenSet>(service.refresh(tokens.refresh_token))).scope).toBe('p0');
    const [row] = (await auditRows(stack)).filter(({ details }) => String(details).includes('"499 permissions"'));
    expect(row).toMatchObject({ event: 'policy.changed' });
    expect(String(row?.details)).toContain(`${resource.identifier} p1`);
  });

  it('are a service’s that a person registers', async () => {
    await registerApp(await signedInAt(stack, 'olga'), stack, { scope: ids });
  });
});
