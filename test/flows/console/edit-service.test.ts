/** Registering a service in the console, and changing what it has registered, by fields and by the document. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import type { Page, Person } from '../../support/person.ts';
import { basicAuth, demoServices, postForm, register } from '../../support/service.ts';
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

type Metadata = Readonly<Record<string, unknown>>;

const save = (page: Page, typed: Readonly<Record<string, string>>): Promise<Page> =>
  sendForm(olga, page, { button: ['do', 'save'], typed });

const factIn = (html: string, label: string): string =>
  new RegExp(`${label}</dt><dd><code dir="ltr">([^<]+)<`).exec(html)?.[1] ?? '';

const read = async (clientId: string): Promise<Metadata> => (await call('GET', `apps/${clientId}`)).body as Metadata;

const editing = (clientId: string, as = ''): Promise<Page> =>
  consoleAt(olga, stack, `/services/edit?${String(new URLSearchParams({ client_id: clientId, ...(as && { as }) }))}`);

const keys = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'one',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
};

/** Much that has no field. */
const rich = {
  client_name: 'Tailspin Reports',
  'client_name#de': 'Tailspin Berichte',
  client_uri: 'https://reports.tailspin.example',
  redirect_uris: ['https://reports.tailspin.example/a', 'https://reports.tailspin.example/b'],
  software_id: 'reports-1',
  default_max_age: 3_600,
  require_pushed_authorization_requests: true,
  scope: 'vso.code vso.work',
  assent_verified: true,
};

describe('registering a service in the console', () => {
  it('takes what is typed and ticked, and shows the secret once', async () => {
    const page = await consoleAt(olga, stack, '/services/new');
    const made = await save(page, {
      client_name: 'Wingtip Boards',
      organization_name: 'Wingtip Toys',
      client_uri: 'https://boards.wingtip.example',
      redirect_uris: 'https://boards.wingtip.example/back\r\n\r\n https://boards.wingtip.example/other \r\n',
      contacts: 'ops@wingtip.example',
      permission: 'vso.work',
    });
    const [clientId, secret] = [factIn(made.html, 'Client ID'), factIn(made.html, 'Client secret')];
    expect(await read(clientId)).toMatchObject({
      client_name: 'Wingtip Boards',
      organization_name: 'Wingtip Toys',
      redirect_uris: ['https://boards.wingtip.example/back', 'https://boards.wingtip.example/other'],
      contacts: ['ops@wingtip.example'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'vso.work',
    });
    const revoked = await postForm(
      `${stack.issuer}/revoke`,
      { token: 'unknown' },
      { authorization: basicAuth(clientId, secret) },
    );
    expect(revoked.status).toBe(200);
  });

  it('makes one service of a form that is sent twice', async () => {
    const page = await consoleAt(olga, stack, '/services/new');
    const typed = { client_name: 'Twice', redirect_uris: 'https://twice.example/back' };
    const [first, second] = [await save(page, typed), await save(page, typed)];
    expect(factIn(second.html, 'Client ID')).toBe(factIn(first.html, 'Client ID'));
  });

  it.each([
    { field: 'redirect_uris', typed: { redirect_uris: 'http://evil.example/a' }, says: 'a redirect URI' },
    { field: 'redirect_uris', typed: { redirect_uris: '' }, says: 'needs at least one redirect URI' },
    { field: 'client_uri', typed: { client_uri: 'javascript:alert(1)' }, says: '' },
    { field: 'client_name', typed: { client_name: 'Microsoft' }, says: 'looks like the name of' },
    { field: 'jwks', typed: { jwks: '{"keys":' }, says: 'this is not JSON' },
    { field: 'jwks', typed: { token_endpoint_auth_method: 'private_key_jwt' }, says: 'needs jwks' },
    {
      field: 'grant_types',
      typed: { token_endpoint_auth_method: 'none', grant_types: 'client_credentials' },
      says: 'keep a secret',
    },
    { field: 'token_endpoint_auth_method', typed: { token_endpoint_auth_method: '__proto__' }, says: '' },
    { field: 'scope', typed: { permission: 'no.such' }, says: 'not a permission' },
    { field: 'contacts', typed: { contacts: 'x'.repeat(300) }, says: '' },
  ])(
    'says at the field $field what is wrong with it ($says), and keeps what was typed',
    async ({ field, typed, says }) => {
      const good = { client_name: 'Refused', redirect_uris: 'https://refused.example/back' };
      const { status, html } = await save(await consoleAt(olga, stack, '/services/new'), { ...good, ...typed });
      expect(status).toBe(400);
      expect(html).toContain('Nothing was changed.');
      expect(html).toContain(`<a href="#${field}">`);
      const problem = new RegExp(`<p class="problem" id="${field}-problem">([^<]*)<`).exec(html)?.[1];
      expect(problem).toContain(says);
      expect(html).toMatch(
        new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-problem"[^>]*aria-invalid="true"`),
      );
      const fields = formsIn(html).flatMap((form) => form.fields);
      for (const [name, value] of Object.entries({ ...good, ...typed }))
        expect(
          fields.find((one) => one.name === name && one.value === value),
          name,
        ).toBeDefined();
    },
  );

  it('takes a whole document as well, and says what is wrong with it', async () => {
    const page = await consoleAt(olga, stack, '/services/new?as=document');
    const wrong = await save(page, { metadata: '{"client_name":' });
    expect([wrong.status, wrong.html]).toEqual([400, expect.stringContaining('this is not JSON')]);
    const refused = await save(wrong, { metadata: JSON.stringify({ ...rich, default_max_age: -1 }, undefined, 2) });
    expect(refused.html).toContain('default_max_age');
    const clientId = factIn((await save(refused, { metadata: JSON.stringify(rich) })).html, 'Client ID');
    expect(await read(clientId)).toMatchObject(rich);
  });

  it('is not for auditors', async () => {
    const { html } = await consoleAt(audrey, stack, '/services/new');
    expect(html).toContain('Only operators can do that.');
    expect(html).not.toContain('value="save"');
  });
});

describe('changing what a service has registered', () => {
  const registered = async (): Promise<string> => (await register(stack.issuer, rich)).registration.clientId;

  it('changes nothing where nobody touched the form, by fields or by the document', async () => {
    const clientId = await registered();
    const before = await read(clientId);
    for (const as of ['', 'document']) {
      const done = await save(await editing(clientId, as), {});
      expect([done.url.pathname, done.html]).toEqual(['/console/services/one', expect.stringContaining('Saved.')]);
      expect(await read(clientId)).toEqual(before);
    }
  });

  it('keeps what has no field', async () => {
    const clientId = await registered();
    await save(await editing(clientId), {
      description: 'Reports of what you did',
      redirect_uris: 'https://reports.tailspin.example/a',
    });
    expect(await read(clientId)).toMatchObject({
      ...rich,
      description: 'Reports of what you did',
      redirect_uris: ['https://reports.tailspin.example/a'],
    });
  });

  it('gives a service that had none a secret, shown once, and takes it from one that proves itself by keys', async () => {
    const { registration } = await register(stack.issuer, { ...rich, token_endpoint_auth_method: 'none' });
    const made = await save(await editing(registration.clientId), {
      token_endpoint_auth_method: 'client_secret_basic',
    });
    expect(factIn(made.html, 'Client secret')).not.toBe('');
    await save(await editing(registration.clientId), {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: JSON.stringify(keys),
    });
    expect(await read(registration.clientId)).toMatchObject({ jwks: keys, assent_secrets: [] });
  });

  it('notices that another operator was first, shows what they left, and overwrites nothing', async () => {
    const clientId = await registered();
    const page = await editing(clientId);
    await save(await editing(clientId), { description: 'By another operator' });
    const late = await save(page, { description: 'By me' });
    expect(late.status).toBe(400);
    expect(late.html).toContain('As somebody else has left it');
    expect(late.html).toContain('By another operator');
    expect(await read(clientId)).toMatchObject({ description: 'By another operator' });
    await save(late, {});
    expect(await read(clientId)).toMatchObject({ description: 'By me' });
  });

  it('shows hostile texts harmlessly', async () => {
    const hostile = { ...rich, description: '</textarea><img src=x onerror=alert(1)>' };
    const clientId = (await register(stack.issuer, hostile)).registration.clientId;
    for (const as of ['', 'document']) {
      const { html } = await editing(clientId, as);
      expect(html).not.toContain('<img src=x');
      expect(html).toContain('&lt;img src=x');
    }
  });

  it('is refused where there is no such service', async () => {
    expect((await editing('nobody')).status).toBe(404);
  });
});
