import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  administer,
  basicAuth,
  demoServices,
  postForm,
  refusalOf,
  register,
  type Service,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const clientCredentials = { grant_type: 'client_credentials' };
const serviceMetadata = {
  redirect_uris: [],
  grant_types: ['client_credentials'],
  scope: 'vso.work',
};

let stack: Stack;
let services: ReturnType<typeof demoServices>;
/** One client for each method that needs a secret. */
let basic: Service;
let post: Service;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  basic = await register(stack.issuer, serviceMetadata);
  post = await register(stack.issuer, { ...serviceMetadata, token_endpoint_auth_method: 'client_secret_post' });
});

afterAll(() => stack.stop());

/** Each try comes from an address of its own: whoever guesses too often from one is throttled there. */
let source = '';
let round = 0;

beforeEach(() => {
  round += 1;
  source = `198.51.${100 + (round >> 8)}.${round & 255}`;
});

const invalidClient = { status: 401, error: 'invalid_client' };
const invalidRequest = { status: 400, error: 'invalid_request' };

const secretOf = ({ registration }: Service): string => registration.secret ?? '';
const basicHeader = (service: Service, secret = secretOf(service)): Record<string, string> => ({
  authorization: basicAuth(service.registration.clientId, secret),
});

type Fields = Readonly<Record<string, string>>;

const ask = (fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  postForm(`${stack.issuer}/token`, { ...clientCredentials, ...fields }, { 'x-forwarded-for': source, ...headers });

const expectNoToken = async (answer: Response): Promise<void> => {
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.clone().text()).not.toContain('access_token');
};

const endpoints = ['token', 'revoke', 'introspect'] as const;

describe('client authentication (OAuth 2.1 §2.4, RFC 6749 §2.3)', () => {
  it('[CA05] takes the secret in the header or in the body, whichever was registered', async () => {
    for (const service of [basic, post]) {
      expect((await ask({}, basicHeader(service))).status).toBe(200);
      const inBody = { client_id: service.registration.clientId, client_secret: secretOf(service) };
      expect((await ask(inBody)).status).toBe(200);
      expect((await postForm(`${stack.issuer}/introspect`, { token: 'x', ...inBody })).status).toBe(200);
      expect((await postForm(`${stack.issuer}/revoke`, { token: 'x', ...inBody })).status).toBe(200);
    }
  });

  it('[CA05] takes Basic with an empty password, or an empty secret in the body, from a public client as none', async () => {
    const native = { client_id: 'demo-native', grant_type: 'refresh_token', refresh_token: 'x' };
    const invalidGrant = { status: 400, error: 'invalid_grant' };
    expect(await refusalOf(ask(native, { authorization: basicAuth('demo-native', '') }))).toEqual(invalidGrant);
    expect(await refusalOf(ask({ ...native, client_secret: '' }))).toEqual(invalidGrant);
    expect(await refusalOf(ask(native))).toEqual(invalidGrant);
  });

  it('counts no failure of who presents no secret', async () => {
    const probed = await register(stack.issuer, serviceMetadata);
    for (let probe = 0; probe < 30; probe++)
      expect(await refusalOf(ask({}, basicHeader(probed, '')))).toEqual(invalidClient);
    expect((await ask({}, basicHeader(probed))).status).toBe(200);
  });

  it('takes Basic in any letter case (RFC 9110 §11.1)', async () => {
    const { authorization = '' } = basicHeader(basic);
    for (const scheme of ['basic', 'BASIC', 'bAsIc'])
      expect((await ask({}, { authorization: authorization.replace('Basic', scheme) })).status).toBe(200);
  });

  for (const endpoint of endpoints) {
    it(`[CA01] answers failed Basic at /${endpoint} with 401 and a Basic challenge`, async () => {
      const answer = await postForm(
        `${stack.issuer}/${endpoint}`,
        { ...clientCredentials, token: 'x' },
        basicHeader(basic, 'wrong'),
      );
      expect(answer.headers.get('www-authenticate')).toBe(`Basic realm="${stack.issuer}", charset="UTF-8"`);
      await expectNoToken(answer);
      expect(await refusalOf(answer)).toEqual(invalidClient);
    });

    it(`[CA01] answers a wrong secret in the body at /${endpoint} with invalid_client`, async () => {
      const fields = {
        ...clientCredentials,
        token: 'x',
        client_id: post.registration.clientId,
        client_secret: 'wrong',
      };
      expect(await refusalOf(postForm(`${stack.issuer}/${endpoint}`, fields))).toEqual(invalidClient);
    });

    it(`[CA02] refuses two methods at once at /${endpoint}`, async () => {
      const fields = { ...clientCredentials, token: 'x' };
      const url = `${stack.issuer}/${endpoint}`;
      const assertion = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: 'a.b.c',
      };
      const inBody = { client_id: post.registration.clientId, client_secret: secretOf(post) };
      const twice = { client_id: basic.registration.clientId, client_secret: secretOf(basic) };
      expect(await refusalOf(postForm(url, { ...fields, ...twice }, basicHeader(basic)))).toEqual(invalidRequest);
      expect(await refusalOf(postForm(url, { ...fields, ...assertion }, basicHeader(basic)))).toEqual(invalidClient);
      expect(await refusalOf(postForm(url, { ...fields, ...assertion, ...inBody }))).toEqual(invalidClient);
    });
  }

  const notSecrets = ['', 'null', 'undefined', '0', 'false', '[object Object]', '%00', '*'];
  for (const secret of notSecrets) {
    it(`[CA04] refuses the secret "${secret}" by either method`, async () => {
      expect(await refusalOf(ask({}, basicHeader(basic, secret)))).toEqual(invalidClient);
      expect(await refusalOf(ask({ client_id: post.registration.clientId, client_secret: secret }))).toEqual(
        invalidClient,
      );
    });
  }

  it('[CA04] refuses a client_id alone where there is a secret', async () => {
    for (const service of [basic, post, services.web, services.nightly])
      expect(await refusalOf(ask({ client_id: service.registration.clientId }))).toEqual(invalidClient);
    expect(await refusalOf(ask({ client_id: '' }))).toEqual(invalidClient);
  });

  it('[CA05] refuses a secret where there is none', async () => {
    const native = { client_id: 'demo-native', grant_type: 'refresh_token', refresh_token: 'x' };
    expect(await refusalOf(ask({ ...native, client_secret: 'x' }))).toEqual(invalidClient);
    expect(await refusalOf(ask(native, { authorization: basicAuth('demo-native', 'x') }))).toEqual(invalidClient);
  });

  const malformed: readonly string[] = [
    'Basic',
    'Basic ',
    'Basic !!!!',
    `Basic ${btoa('no-colon')}`,
    `Basic ${btoa(':secret')}`,
    `Basic ${btoa('%zz:%zz')}`,
    `Basic ${btoa('a\u0000:b')}`,
    `Basic ${btoa('demo-service:demo-service-secret')} x`,
    `Basic ${btoa('demo-service:demo-service-secret')}, Basic ${btoa('demo-service:demo-service-secret')}`,
    `Bearer ${btoa('demo-service:demo-service-secret')}`,
    `Digest username="demo-service"`,
    btoa('demo-service:demo-service-secret'),
  ];
  for (const authorization of malformed) {
    it(`refuses the header "${authorization}" with invalid_client`, async () => {
      expect(await refusalOf(ask({}, { authorization }))).toEqual(invalidClient);
    });
  }

  it('tells nobody whether a client exists: unknown and wrong look alike', async () => {
    const unknown = await ask({}, { authorization: basicAuth('no-such-client', 'x') });
    const wrong = await ask({}, basicHeader(basic, 'x'));
    expect([unknown.status, await unknown.text()]).toEqual([wrong.status, await wrong.text()]);
  });

  it('finds a client whose id and secret hold characters that a form encodes (RFC 6749 §2.3.1)', async () => {
    const encoded = `Basic ${btoa(`${'demo%2Dservice'}:${'demo-service%2Dsecret'}`)}`;
    expect((await ask({}, { authorization: encoded })).status).toBe(200);
  });
});

describe('guessing and keeping secrets', () => {
  it('[CA13] more than 20 wrong secrets are throttled with Retry-After, and the right one passes all the while', async () => {
    const guessed = await register(stack.issuer, serviceMetadata);
    const headers = { 'x-forwarded-for': '192.0.2.13' };
    const guess = (secret: string) => ask({}, { ...basicHeader(guessed, secret), ...headers });
    const statuses: number[] = [];
    for (let index = 0; index < 30; index++) {
      const answer = await guess(`guess-${index}`);
      statuses.push(answer.status);
      if (answer.status === 429) {
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
        expect(await refusalOf(answer)).toEqual({ status: 429, error: 'temporarily_unavailable' });
      }
    }
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(22)).toEqual(Array.from({ length: 8 }, () => 429));
    for (let index = 0; index < 30; index++) expect((await guess(secretOf(guessed))).status).toBe(200);
    expect((await guess('another guess')).status).toBe(429);
    // From elsewhere a wrong secret is just wrong.
    expect((await ask({}, { ...basicHeader(guessed, 'x'), 'x-forwarded-for': '192.0.2.14' })).status).toBe(401);
  });

  it("[CA13] nobody's guesses keep a public client's people out", async () => {
    const native = { client_id: 'demo-native', grant_type: 'refresh_token', refresh_token: 'x' };
    for (let index = 0; index < 30; index++)
      expect(await refusalOf(ask({ ...native, client_secret: `guess-${index}` }))).toEqual(invalidClient);
    expect(await refusalOf(ask(native))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[CA13] a secret that was just added works, however many guesses another client is the victim of', async () => {
    const [victim, service] = [
      await register(stack.issuer, serviceMetadata),
      await register(stack.issuer, serviceMetadata),
    ];
    expect((await ask({}, basicHeader(service))).status).toBe(200);
    await Promise.all(Array.from({ length: 150 }, (_, index) => ask({}, basicHeader(victim, `guess-${index}`))));
    const path = `apps/${service.registration.clientId}/secrets`;
    const added = await administer(stack.issuer, { method: 'POST', path, body: {} });
    const { client_secret: second = '' } = (await added.json()) as { client_secret?: string };
    expect((await ask({}, basicHeader(service, second))).status).toBe(200);
  });

  it('[CA16] a secret is shown once: reading, listing and updating the client never return it', async () => {
    const service = await register(stack.issuer, serviceMetadata);
    const { clientId, secret = '' } = service.registration;
    expect(Buffer.from(secret.replace('assent_cs_', ''), 'base64url').length).toBe(32);
    const path = `apps/${clientId}`;
    const texts = [
      await (await administer(stack.issuer, { method: 'GET', path })).text(),
      await (await administer(stack.issuer, { method: 'GET', path: 'apps' })).text(),
      await (
        await administer(stack.issuer, { method: 'PUT', path, body: { ...serviceMetadata, client_name: 'Renamed' } })
      ).text(),
    ];
    for (const text of texts) {
      expect(text).toContain(clientId);
      expect(text).not.toContain('client_secret"');
      expect(text).not.toContain(secret);
    }
    expect((await ask({}, basicHeader(service))).status).toBe(200);
  });

  it('two secrets live at once, each until its end, so that one replaces the other at leisure', async () => {
    const service = await register(stack.issuer, serviceMetadata);
    const path = `apps/${service.registration.clientId}/secrets`;
    const added = await administer(stack.issuer, { method: 'POST', path, body: { expires_in: 3_600 } });
    expect(added.status).toBe(201);
    const { id, client_secret: second = '' } = (await added.json()) as { id: string; client_secret?: string };
    expect((await ask({}, basicHeader(service))).status).toBe(200);
    expect((await ask({}, basicHeader(service, second))).status).toBe(200);
    expect((await administer(stack.issuer, { method: 'POST', path, body: {} })).status).toBe(409);
    expect((await administer(stack.issuer, { method: 'DELETE', path: `${path}/${id}` })).status).toBe(204);
    expect(await refusalOf(ask({}, basicHeader(service, second)))).toEqual(invalidClient);
    expect((await ask({}, basicHeader(service))).status).toBe(200);
  });
});
