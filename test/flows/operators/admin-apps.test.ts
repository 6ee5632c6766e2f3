/** The admin API: services are registered (RFC 7591), read, changed and deleted (RFC 7592). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, refusedWith, webMetadata } from '../../support/admin.ts';
import { signedInAt } from '../../support/people.ts';
import { createService, demoServices, okJson, refusalOf, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let call: Admin;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  call = adminWith(stack.issuer, await ownTokenOf(services.operator));
});

afterAll(() => stack.stop());

const created = async (metadata: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> => {
  const answer = await call('POST', 'apps', { body: { ...webMetadata, ...metadata } });
  expect(answer.status).toBe(201);
  return { ...answer.body };
};

describe('registering a service', () => {
  it('answers its metadata as registered, its id, and a secret with its expiry', async () => {
    const answer = await call('POST', 'apps', {
      body: {
        ...webMetadata,
        client_uri: 'https://fabrikam.example/',
        contacts: ['ops@fabrikam.example'],
        software_id: 'x',
        __proto__x: 1,
      },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { client_id: id, client_secret: secret, assent_secrets: secrets } = answer.body;
    expect(id).toMatch(/^app-[\w-]{22}$/);
    expect(answer.headers.get('location')).toBe(`/api/admin/apps/${id}`);
    expect(secret).toMatch(/^assent_cs_[\w-]{43}$/);
    expect(answer.body).toMatchObject({
      ...webMetadata,
      scope: 'vso.code vso.work',
      client_uri: 'https://fabrikam.example/',
      contacts: ['ops@fabrikam.example'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      assent_operator: false,
    });
    const year = Math.floor(Date.now() / 1000) + 365 * 86_400;
    expect(Math.abs(Number(answer.body.client_secret_expires_at) - year)).toBeLessThan(20);
    expect(secrets).toHaveLength(1);
    // RFC 7591 §2: what is not understood is ignored.
    for (const name of ['__proto__x']) expect(answer.body).not.toHaveProperty(name);
  });

  it('[CA16] shows the secret once: reading, listing and replacing never do', async () => {
    const { client_id: id, client_secret: secret } = await created();
    const read = await call('GET', `apps/${id}`);
    const replaced = await call('PUT', `apps/${id}`, { body: webMetadata });
    const listed = await call('GET', 'apps');
    for (const answer of [read, replaced, listed]) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(String(secret));
      expect(answer.text).not.toMatch(/client_secret"|hash/);
    }
    expect(read.body.assent_secrets).toEqual([
      { id: expect.any(String), created_at: expect.any(Number), expires_at: expect.any(Number) },
    ]);
  });

  it('gives a public client no secret', async () => {
    const client = await created({ token_endpoint_auth_method: 'none' });
    expect(client).not.toHaveProperty('client_secret');
    expect(client.assent_secrets).toEqual([]);
  });

  it('makes a client that works at once', async () => {
    const service = await register(stack.issuer, {
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'vso.work',
    });
    expect((await service.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });

  const wrong: readonly [string, Readonly<Record<string, unknown>>, string][] = [
    ['no name', { client_name: undefined }, 'invalid_client_metadata'],
    ['a name of spaces', { client_name: '   ' }, 'invalid_client_metadata'],
    ['a name of 101 characters', { client_name: 'x'.repeat(101) }, 'invalid_client_metadata'],
    ['a name that is no text', { client_name: { a: 1 } }, 'invalid_client_metadata'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['redirect URIs that are no list', { redirect_uris: 'https://a.example' }, 'invalid_client_metadata'],
    [
      '21 redirect URIs',
      { redirect_uris: Array.from({ length: 21 }, (_, n) => `https://a.example/${n}`) },
      'invalid_client_metadata',
    ],
    ['the implicit grant', { grant_types: ['implicit'] }, 'invalid_client_metadata'],
    ['the password grant', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['no grant at all', { grant_types: [] }, 'invalid_client_metadata'],
    ['the response type token', { response_types: ['token'] }, 'invalid_client_metadata'],
    ['private_key_jwt', { token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    ['refresh tokens alone', { grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
    [
      'client_credentials of a public client',
      { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
      'invalid_client_metadata',
    ],
    ['an unknown scope', { scope: 'vso.nothing' }, 'invalid_client_metadata'],
    ['a reserved scope', { scope: 'assent.admin' }, 'invalid_client_metadata'],
    [
      'an operator that is public',
      { assent_operator: true, token_endpoint_auth_method: 'none' },
      'invalid_client_metadata',
    ],
    ['an operator without client_credentials', { assent_operator: true }, 'invalid_client_metadata'],
    ['an unknown resource', { assent_resource_server_of: ['https://other.example'] }, 'invalid_client_metadata'],
    [
      'a resource server without a secret',
      { assent_resource_server_of: ['https://api.assent.localhost'], token_endpoint_auth_method: 'none' },
      'invalid_client_metadata',
    ],
    ['a link of script', { client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    ['a link over http', { tos_uri: 'http://fabrikam.example/' }, 'invalid_client_metadata'],
  ];

  it.each(wrong)('is refused with %s', async (_name, change, error) => {
    expect(refusedWith(await call('POST', 'apps', { body: { ...webMetadata, ...change } }))).toEqual([400, error]);
  });

  it.each([
    ['[', 400],
    ['null', 400],
    ['[]', 400],
    ['"x"', 400],
    ['', 400],
    [`"${'x'.repeat(70_000)}"`, 413],
  ])('is refused with the body %.20j', async (body, status) => {
    expect((await call('POST', 'apps', { body })).status).toBe(status);
  });
});

describe('reading, changing and deleting', () => {
  it('lists every service, in pages', async () => {
    const ids: string[] = [];
    let after = '';
    do {
      const { body } = await call('GET', `apps?${new URLSearchParams(after === '' ? {} : { after })}`);
      ids.push(...(body.apps as { client_id: string }[]).map(({ client_id: id }) => id));
      after = String(body.next ?? '');
    } while (after !== '');
    expect(ids).toEqual(expect.arrayContaining(['demo-web', 'demo-native', 'demo-service', 'local-operator']));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('replaces the whole of it, and keeps the id and the secret', async () => {
    const { client_id: id, client_secret: secret } = await created({ client_uri: 'https://fabrikam.example/' });
    const changed = await call('PUT', `apps/${id}`, {
      body: { client_name: 'Renamed', grant_types: ['client_credentials'], scope: 'vso.work' },
    });
    expect(changed.body).toMatchObject({
      client_id: id,
      client_name: 'Renamed',
      redirect_uris: [],
      response_types: [],
    });
    expect(changed.body).not.toHaveProperty('client_uri');
    const service = createService(stack.issuer, { clientId: String(id), secret: String(secret) });
    expect((await service.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('takes the secrets away from a client that becomes public, and gives one to a client that stops being it', async () => {
    const { client_id: id } = await created();
    const isPublic = await call('PUT', `apps/${id}`, { body: { ...webMetadata, token_endpoint_auth_method: 'none' } });
    expect(isPublic.body.assent_secrets).toEqual([]);
    expect(refusedWith(await call('POST', `apps/${id}/secrets`, { body: {} }))).toEqual([
      400,
      'invalid_client_metadata',
    ]);
    const again = await call('PUT', `apps/${id}`, { body: webMetadata });
    expect(again.body.client_secret).toMatch(/^assent_cs_/);
  });

  it.each([
    ['GET', 'apps/app-nobody'],
    ['PUT', 'apps/app-nobody'],
    ['DELETE', 'apps/app-nobody'],
    ['POST', 'apps/app-nobody/secrets'],
    ['DELETE', 'apps/demo-service/secrets/nothing'],
    ['GET', "apps/x' or PartitionKey ne '"],
    ['GET', 'apps/%2e%2e%2fusers'],
    ['GET', `apps/${'x'.repeat(300)}`],
  ])('says not_found of what is not there: %s %s', async (method, path) => {
    const bodies: Readonly<Record<string, object>> = { PUT: webMetadata, POST: {} };
    expect(refusedWith(await call(method, path, { body: bodies[method] }))).toEqual([404, 'not_found']);
  });

  it('of two changes at once one wins, and the other is told of a conflict', async () => {
    const { client_id: id } = await created();
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
    const answers = await Promise.all(
      names.map((name) => call('PUT', `apps/${id}`, { body: { ...webMetadata, client_name: name } })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeGreaterThan(0);
    expect(answers.map(({ status }) => status).every((status) => status === 200 || status === 409)).toBe(true);
    const { body } = await call('GET', `apps/${id}`);
    expect(won.map((answer) => answer.body.client_name)).toContain(body.client_name);
  });

  it('of many secrets asked for at once, no more than two are live', async () => {
    const { client_id: id } = await created();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => call('POST', `apps/${id}/secrets`, { body: {} })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  });

  it('[TK23] a deleted service loses everything that it had', async () => {
    const service = await register(stack.issuer);
    const person = await signedInAt(stack);
    const tokens = await service.tokens(person);
    const code = await service.code(person);
    expect((await call('DELETE', `apps/${service.registration.clientId}`)).status).toBe(204);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 401, error: 'invalid_client' });
    expect(await refusalOf(service.redeem(code))).toEqual({ status: 401, error: 'invalid_client' });
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toEqual({ active: false });
    expect((await call('GET', `apps/${service.registration.clientId}`)).status).toBe(404);
    const page = await person.send(service.authorization().url);
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  });
});
