/** Who may register (RFC 7591 §1.2, §2.3), and how clients look after their registrations (RFC 7592). */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../../local/listen.ts';
import { refusedWith } from '../../support/admin.ts';
import { answerOf } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import { sendRaw } from '../../support/raw.ts';
import { callRegister, ownMetadata, registerItself } from '../../support/registration.ts';
import { administer, demoServices, isActive, refusalOf, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

type Told = Readonly<Record<string, unknown>>;

const manage = (method: string, told: Told, body?: unknown, token = String(told.registration_access_token)) =>
  callRegister(stack.issuer, { method, path: `/${told.client_id}`, token, body });

describe('a registration and its registration access token', () => {
  it('[RG04] is read, without the secret, which was shown once', async () => {
    const { told } = await registerItself(stack.issuer);
    const { client_secret: _, ...shown } = told;
    const answer = await manage('GET', told);
    expect([answer.status, answer.headers.get('cache-control'), answer.body]).toEqual([200, 'no-store', shown]);
  });

  it('[RG04] is replaced as a whole, with the token and the secret as they were', async () => {
    const { told, service } = await registerItself(stack.issuer, { client_uri: 'https://notes.tailspin.example/' });
    const { client_id, client_secret } = told;
    const uris = ['https://notes.tailspin.example/new'];
    const change = { client_id, client_secret, client_name: 'Tailspin Notebook', redirect_uris: uris };
    const answer = await manage('PUT', told, change);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      client_name: 'Tailspin Notebook',
      redirect_uris: uris,
      registration_access_token: told.registration_access_token,
    });
    expect(answer.body).not.toHaveProperty('client_uri');
    expect(answer.body).not.toHaveProperty('client_secret');
    expect(await refusalOf(service.refresh('x'))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[RG04] is not that of another client, nor changed under another id or secret, nor to something wrong', async () => {
    const [one, other] = [await registerItself(stack.issuer), await registerItself(stack.issuer)];
    const { client_id: id } = one.told;
    const base = { ...ownMetadata, client_id: id };
    const refused = async (body: unknown) => refusedWith(await manage('PUT', one.told, body));
    expect(await refused(ownMetadata)).toEqual([400, 'invalid_client_metadata']);
    expect(await refused({ ...base, client_id: other.told.client_id })).toEqual([400, 'invalid_client_metadata']);
    for (const secret of [other.told.client_secret, 7, '', null])
      expect(await refused({ ...base, client_secret: secret })).toEqual([400, 'invalid_client_metadata']);
    expect(await refused({ ...base, grant_types: ['client_credentials'] })).toEqual([400, 'invalid_client_metadata']);
    expect(await refused({ ...base, redirect_uris: ['javascript:x'] })).toEqual([400, 'invalid_redirect_uri']);
    expect(await refused([])).toEqual([400, 'invalid_client_metadata']);
    expect((await manage('GET', one.told)).body).toMatchObject(ownMetadata);
  });

  it('[RG04] is nobody’s who has no token of it, whether there is such a client or not', async () => {
    const [one, other] = [await registerItself(stack.issuer), await registerItself(stack.issuer)];
    const { registration } = await register(stack.issuer);
    const [token, nobody] = [String(other.told.registration_access_token), { client_id: 'dyn-nobody' }];
    for (const method of ['GET', 'PUT', 'DELETE'])
      for (const told of [one.told, nobody, { client_id: 'demo-web' }, { client_id: registration.clientId }])
        for (const wrong of [token, 'x', `${one.told.registration_access_token}x`]) {
          const body = method === 'PUT' ? ownMetadata : undefined;
          const answer = await manage(method, told, body, wrong);
          expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token']);
          expect(answer.headers.get('www-authenticate')).toContain('Bearer');
        }
    expect((await callRegister(stack.issuer, { method: 'GET', path: `/${one.told.client_id}` })).status).toBe(401);
  });

  it.each(["'", '%2F', '%5C', '%00', '%zz', '__proto__', 'a'.repeat(3_000), '%F0%9F%98%80'])(
    '[IP04][IP05] is nobody’s under the id "%.20s"',
    async (segment) => {
      const headers = { authorization: 'Bearer assent_ra_x', 'content-type': 'application/json' };
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await sendRaw(stack.issuer, `/register/${segment}`, { method, headers, body: '{}' });
        expect([400, 401, 404, 405]).toContain(answer.status);
      }
    },
  );

  it('[RG04] is deleted, and what the client got is worth nothing then', async () => {
    const { told, service } = await registerItself(stack.issuer);
    const tokens = await service.tokens(personAt(stack));
    const { api } = demoServices(stack.issuer);
    expect(await isActive(api, tokens.access_token)).toBe(true);
    const answer = await manage('DELETE', told);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await isActive(api, tokens.access_token)).toBe(false);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 401, error: 'invalid_client' });
    expect((await manage('GET', told)).status).toBe(401);
  });

  it('what an operator said of it stays, but not that they had checked it when it is another', async () => {
    const { told } = await registerItself(stack.issuer);
    const path = `apps/${told.client_id}`;
    const { body } = await answerOf(administer(stack.issuer, { method: 'GET', path }));
    const change = { ...body, assent_verified: true, assent_require_pkce: false };
    await administer(stack.issuer, { method: 'PUT', path, body: change });
    const own = { ...ownMetadata, client_id: told.client_id, assent_require_pkce: true };
    const stored = async () => (await answerOf(administer(stack.issuer, { method: 'GET', path }))).body;
    expect((await manage('PUT', told, own)).status).toBe(200);
    expect(await stored()).toMatchObject({ assent_verified: true, assent_require_pkce: false });
    expect((await manage('PUT', told, { ...own, client_name: 'Another' })).status).toBe(200);
    expect(await stored()).toMatchObject({ assent_verified: false, assent_require_pkce: false });
  });

  it('a blocked client changes nothing, and does not unblock itself', async () => {
    const { told } = await registerItself(stack.issuer);
    const path = `apps/${told.client_id}`;
    const { body } = await answerOf(administer(stack.issuer, { method: 'GET', path }));
    await administer(stack.issuer, { method: 'PUT', path, body: { ...body, assent_blocked: true } });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const own = method === 'PUT' ? { ...ownMetadata, client_id: told.client_id, assent_blocked: false } : undefined;
      expect(refusedWith(await manage(method, told, own))).toEqual([400, 'unauthorized_client']);
    }
  });

  it('[RG04] of two changes at once both cannot be lost', async () => {
    const { told } = await registerItself(stack.issuer);
    const names = ['One', 'Two', 'Three', 'Four'];
    const change = (name: string) =>
      manage('PUT', told, { ...ownMetadata, client_id: told.client_id, client_name: name });
    const answers = await Promise.all(names.map(change));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const done = answers.filter(({ status }) => status === 200).map(({ body }) => body.client_name);
    expect(done).toContain((await manage('GET', told)).body.client_name);
  });

  it('a secret that ends soon gets a successor when the registration is replaced', async () => {
    const { told, service } = await registerItself(stack.issuer);
    const own = { ...ownMetadata, client_id: told.client_id };
    await service.tokens(personAt(stack));
    await stack.clock.move(350 * 86_400);
    const answer = await manage('PUT', told, own);
    expect(answer.body).toMatchObject({ client_secret: expect.stringMatching(/^assent_cs_/) });
    expect(answer.body.client_secret).not.toBe(told.client_secret);
    expect((await manage('PUT', told, own)).body).not.toHaveProperty('client_secret');
    await stack.clock.reset();
    await stack.restartHost();
  });
});

describe('a deployment that wants an initial access token', () => {
  beforeAll(() => stack.restartHost(0, { REGISTRATION: 'token' }));

  const issue = async (body: unknown) =>
    answerOf(administer(stack.issuer, { method: 'POST', path: 'registration-tokens', body }));
  const tryWith = (token: string | undefined, metadata: Told = ownMetadata) =>
    callRegister(stack.issuer, { body: metadata, ...(token === undefined ? {} : { token }) });

  it('[RG05] lets nobody register without one, or with another token of ours', async () => {
    for (const token of [undefined, 'x', 'assent_it_x', 'assent_ra_x'])
      expect(refusedWith(await tryWith(token))).toEqual([401, 'invalid_token']);
  });

  it('[RG05] lets its holder register as often as it says, whoever comes at once', async () => {
    const { status, body } = await issue({ uses: 3, expires_in: 600 });
    expect([status, body.uses_left, body.registration_token]).toEqual([201, 3, expect.stringMatching(/^assent_it_/)]);
    const token = String(body.registration_token);
    // What is wrong uses nothing up.
    expect((await tryWith(token, { redirect_uris: ['javascript:x'] })).status).toBe(400);
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryWith(token)));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 201, 201, 401, 401, 401, 401, 401]);
    const left = await answerOf(administer(stack.issuer, { method: 'GET', path: `registration-tokens/${body.id}` }));
    expect(left.body).toMatchObject({ uses_left: 0, issued_by: 'local-operator' });
    expect(left.text).not.toContain(token);
  });

  it('[RG05] until it expires or is withdrawn', async () => {
    const { body: short } = await issue({ uses: 9, expires_in: 60 });
    const { body: withdrawn } = await issue({ uses: 9 });
    const path = `registration-tokens/${withdrawn.id}`;
    expect((await administer(stack.issuer, { method: 'DELETE', path })).status).toBe(204);
    expect((await tryWith(String(withdrawn.registration_token))).status).toBe(401);
    await stack.clock.move(61);
    expect((await tryWith(String(short.registration_token))).status).toBe(401);
    await stack.clock.reset();
  });

  it.each([{ uses: 0 }, { uses: 1.5 }, { expires_in: 1 }, { expires_in: 1e9 }, { more: 1 }, []])(
    'is not issued for %j',
    async (body) => {
      expect(refusedWith(await issue(body))).toEqual([400, 'invalid_request']);
    },
  );

  it('there is no token of another name', async () => {
    for (const id of ['x', '0'.repeat(32), "'"])
      expect((await administer(stack.issuer, { method: 'GET', path: `registration-tokens/${id}` })).status).toBe(404);
  });
});

describe('a deployment where nobody registers', () => {
  beforeAll(() => stack.restartHost(0, { REGISTRATION: 'off' }));

  it('says so, and advertises nothing', async () => {
    expect(refusedWith(await callRegister(stack.issuer, { body: ownMetadata }))).toEqual([404, 'not_found']);
    const { body } = await answerOf(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(body).not.toHaveProperty('registration_endpoint');
  });
});

describe('one address', () => {
  beforeEach(() => stack.restartHost(0, { SOURCE_REGISTRATIONS_PER_HOUR: '3' }));

  it('[RG08] registers so many clients and no more; others still can', async () => {
    const from = (source: string) => callRegister(stack.issuer, { body: ownMetadata, source });
    for (let count = 0; count < 3; count++) expect((await from('198.51.100.1')).status).toBe(201);
    const refused = await from('198.51.100.1');
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect((await from('198.51.100.2')).status).toBe(201);
  });
});

describe('a software statement', () => {
  const statements = async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'statements' };
    const site = await listen(0, (request, response) => {
      const body = request.url?.includes('openid-configuration')
        ? { issuer: site.url, jwks_uri: `${site.url}/keys` }
        : { keys: [jwk] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const sign = (claims: Told, key = privateKey) =>
      new SignJWT({ iss: site.url, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'statements' }).sign(key);
    return { site, sign };
  };

  it('[RG06] of a trusted issuer has the last word, and comes back as it was', async () => {
    const { site, sign } = await statements();
    await stack.restartHost(0, { SOFTWARE_STATEMENT_ISSUERS: site.url });
    const statement = await sign({ software_id: 'notes', client_name: 'Notes by the book', assent_operator: true });
    const { told } = await registerItself(stack.issuer, { software_statement: statement });
    expect(told).toMatchObject({
      software_id: 'notes',
      client_name: 'Notes by the book',
      redirect_uris: ownMetadata.redirect_uris,
      software_statement: statement,
    });
    const { privateKey: stranger } = await generateKeyPair('ES256');
    const now = Math.floor(Date.now() / 1000);
    const wrong = [
      await sign({ software_id: 'notes' }, stranger),
      await sign({ exp: now - 100 }),
      await sign({ nbf: now + 100 }),
      await sign({ aud: 'https://elsewhere.example' }),
      `${statement.split('.').slice(0, 2).join('.')}.`,
    ];
    for (const one of wrong) {
      const answer = await callRegister(stack.issuer, { body: { ...ownMetadata, software_statement: one } });
      expect(refusedWith(answer)).toEqual([400, 'invalid_software_statement']);
    }
    await site.stop();
  });
});
