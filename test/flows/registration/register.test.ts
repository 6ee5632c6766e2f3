/** Dynamic client registration (RFC 7591): what a client may say of itself, and what it is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusedWith } from '../../support/admin.ts';
import { answerOf, redirectOf } from '../../support/answer.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import { approvalForm } from '../../support/person.ts';
import { callRegister, ownMetadata, registerItself } from '../../support/registration.ts';
import { storedRows } from '../../support/rows.ts';
import { administer, okJson, refusalOf, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const send = (metadata: Readonly<Record<string, unknown>>) =>
  callRegister(stack.issuer, { body: { ...ownMetadata, ...metadata } });

describe('a client that registers itself', () => {
  it('[RG01] is told what was registered, its id, and a secret that ends, in an answer that nobody stores', async () => {
    const answer = await send({ client_uri: 'https://notes.tailspin.example/', software_id: 'notes', unknown: 1 });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.body).toMatchObject({
      ...ownMetadata,
      client_id: expect.stringMatching(/^dyn-[\w-]{22}$/),
      client_secret: expect.stringMatching(/^assent_cs_[\w-]{43}$/),
      client_secret_expires_at: expect.any(Number),
      client_id_issued_at: expect.any(Number),
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      client_uri: 'https://notes.tailspin.example/',
      software_id: 'notes',
      registration_client_uri: `${stack.issuer}/register/${answer.body.client_id}`,
      registration_access_token: expect.stringMatching(/^assent_ra_[\w-]{43}$/),
    });
    expect(Object.keys(answer.body).filter((name) => name.startsWith('assent_') || name === 'unknown')).toEqual([]);
  });

  it('keeps neither its secret nor its registration access token in the table', async () => {
    const { told } = await registerItself(stack.issuer);
    const text = JSON.stringify(await storedRows(stack, 'clients'));
    for (const name of ['client_secret', 'registration_access_token']) expect(text).not.toContain(String(told[name]));
  });

  it('signs a person in and gets tokens, as a public one as well', async () => {
    const alice = personAt(stack);
    for (const metadata of [{}, { token_endpoint_auth_method: 'none', redirect_uris: ['http://127.0.0.1/cb'] }]) {
      const { service, told } = await registerItself(stack.issuer, metadata);
      expect('client_secret' in told).toBe(!('token_endpoint_auth_method' in metadata));
      const tokens = await service.tokens(alice, { scope: 'openid vso.work' });
      expect(tokens).toMatchObject({ scope: 'openid vso.work', id_token: expect.any(String) });
      await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    }
  });

  it('may ask for what there is when it names no scope, and for what there is where those are that it names', async () => {
    const usual = String((await send({})).body.scope).split(' ');
    expect(usual).toEqual(expect.arrayContaining(['openid', 'vso.work']));
    expect(usual.filter((scope) => scope.startsWith('assent.'))).toEqual([]);
    const named = await send({ scope: 'workitems.read elsewhere.read assent.admin' });
    expect(named.body.scope).toBe('workitems.read workitems.write');
    expect((await send({ scope: 'openid' })).body.scope).toBe('openid');
    expect(String((await send({ scope: 'elsewhere.read' })).body.scope).split(' ')).toEqual(usual);
  });

  it('[RG12] is told its name in other languages as it said them', async () => {
    const german = { 'client_name#de': 'Tailspin Notizen', 'policy_uri#de': 'https://notes.tailspin.example/daten' };
    const { told } = await registerItself(stack.issuer, german);
    expect(told).toMatchObject(german);
    const own = { path: `/${told.client_id}`, token: String(told.registration_access_token) };
    expect((await callRegister(stack.issuer, { method: 'GET', ...own })).body).toMatchObject(german);
    const path = `apps/${told.client_id}`;
    const stored = await answerOf(administer(stack.issuer, { method: 'GET', path }));
    const change = { method: 'PUT', path, body: { ...stored.body, 'client_name#fr': 'Notes de Tailspin' } };
    expect((await answerOf(administer(stack.issuer, change))).body).toMatchObject({
      ...german,
      'client_name#fr': 'Notes de Tailspin',
    });
    const body = { ...ownMetadata, client_id: told.client_id };
    const replaced = await callRegister(stack.issuer, { method: 'PUT', body, ...own });
    expect(Object.keys(replaced.body).filter((name) => name.includes('#'))).toEqual([]);
  });

  it('is called by where its answer goes when it has no name', async () => {
    const names = [
      [['https://notes.tailspin.example/callback'], 'notes.tailspin.example'],
      [['com.tailspin.notes:/callback'], 'com.tailspin.notes'],
    ] as const;
    for (const [uris, name] of names)
      expect((await send({ client_name: undefined, redirect_uris: uris })).body.client_name).toBe(name);
  });

  it('[RG03] gets nothing that is an operator’s to give', async () => {
    const { told } = await registerItself(stack.issuer, {
      assent_operator: true,
      assent_verified: true,
      assent_resource_server_of: ['https://api.assent.localhost'],
      assent_require_pkce: false,
      assent_federated_credentials: [{ issuer: 'https://x.example', subject: 'a', audience: 'b' }],
      registrant: { by: 'operator' },
      endsAt: 1,
      secrets: [],
    });
    const stored = await answerOf(administer(stack.issuer, { method: 'GET', path: `apps/${told.client_id}` }));
    expect(stored.body).toMatchObject({
      assent_operator: false,
      assent_verified: false,
      assent_blocked: false,
      assent_resource_server_of: [],
      assent_require_pkce: true,
      assent_federated_credentials: [],
    });
  });

  const refusals: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['tokens of its own', { grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    ['token exchange', { grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] }, 'invalid_client_metadata'],
    ['the implicit grant', { grant_types: ['implicit'] }, 'invalid_client_metadata'],
    ['another response type', { response_types: ['token'] }, 'invalid_client_metadata'],
    ['the name of this organization', { client_name: 'Contoso Account' }, 'invalid_client_metadata'],
    ['the name of a provider, spelled by others’ letters', { client_name: 'Мicrоsоft' }, 'invalid_client_metadata'],
    ['a name with control characters', { client_name: 'Notes\u0000' }, 'invalid_client_metadata'],
    ['an endless name', { client_name: 'n'.repeat(200) }, 'invalid_client_metadata'],
    ['a name that is none', { client_name: { toString: 'x' } }, 'invalid_client_metadata'],
    ['scopes that are no text', { scope: ['vso.work'] }, 'invalid_client_metadata'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['redirect URIs that are none', { redirect_uris: 'https://a.example' }, 'invalid_client_metadata'],
    ['a fragment', { redirect_uris: ['https://a.example/#x'] }, 'invalid_redirect_uri'],
    ['a relative URI', { redirect_uris: ['/callback'] }, 'invalid_redirect_uri'],
    ['a wildcard', { redirect_uris: ['https://*.example/cb'] }, 'invalid_redirect_uri'],
    ['http', { redirect_uris: ['http://a.example/cb'] }, 'invalid_redirect_uri'],
    ...['javascript:alert(1)', 'JaVaScRiPt:alert(1)', '\tjavascript:x', 'java\nscript:x', 'data:text/html,x']
      .concat(['vbscript:x', 'blob:https://a.example/x', 'file:///etc/passwd', 'about:blank'])
      .map((uri) => [`[RU14] ${JSON.stringify(uri)}`, { redirect_uris: [uri] }, 'invalid_redirect_uri'] as const),
    ['[RG11] an app’s URI of a website', webWith('com.tailspin:/cb'), 'invalid_redirect_uri'],
    ['[RG11] a loopback URI of a public website', webWith('http://localhost/cb'), 'invalid_redirect_uri'],
    ['another application type', { application_type: 'toaster' }, 'invalid_client_metadata'],
    [
      'a private key',
      { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] } },
      'invalid_client_metadata',
    ],
    ['keys twice', { jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://a.example/k' }, 'invalid_client_metadata'],
    ['keys over http', { jwks_uri: 'http://a.example/keys' }, 'invalid_client_metadata'],
    ['unsigned ID tokens', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    ['a statement of nobody', { software_statement: 'x' }, 'invalid_software_statement'],
    ['a statement that is none', { software_statement: { iss: 'x' } }, 'invalid_software_statement'],
    [
      'a statement of a stranger',
      { software_statement: 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.eA' },
      'unapproved_software_statement',
    ],
  ];

  it.each(refusals)('[RG02] is refused for %s', async (_, metadata, error) => {
    expect(refusedWith(await send(metadata))).toEqual([400, error]);
  });

  it.each([
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['no JSON', '{'],
    ['nothing', ''],
    ['a prototype', '{"__proto__":{"client_name":"x"}}'],
    ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['half a character', '{"client_name":"\\ud800","redirect_uris":["https://a.example/"]}'],
  ])('[RG02] is refused for a body of %s', async (_, body) => {
    const answer = await callRegister(stack.issuer, { body });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([400, 'no-store']);
  });

  it('may be an app of any address, and a website under development if it has a secret', async () => {
    const native = { application_type: 'native', token_endpoint_auth_method: 'none' };
    const uris = ['https://app.tailspin.example/cb', 'com.tailspin:/cb', 'http://[::1]/cb'];
    expect((await send({ ...native, redirect_uris: uris })).body).toMatchObject({ application_type: 'native' });
    const web = { application_type: 'web', redirect_uris: ['http://localhost:3000/cb'] };
    expect((await send(web)).status).toBe(201);
    expect((await send({ redirect_uris: ['http://localhost/cb'] })).body).not.toHaveProperty('application_type');
  });
});

function webWith(uri: string): Readonly<Record<string, unknown>> {
  return { application_type: 'web', token_endpoint_auth_method: 'none', redirect_uris: [uri] };
}

describe('what people see of a client that registered itself', () => {
  it('[RG09] it is told of errors only once the person has signed in', async () => {
    const { service } = await registerItself(stack.issuer);
    const wrong = service.authorization({ scope: 'no.such' }).url;
    const silent = service.authorization({ prompt: 'none' }).url;
    for (const url of [wrong, silent]) await expectErrorPage(await personAt(stack).send(url));
    const alice = await signedInAt(stack);
    expect((await redirectOf(wrong, alice)).searchParams.get('error')).toBe('invalid_scope');
    expect((await redirectOf(silent, alice)).searchParams.get('error')).toBe('consent_required');
    const framed = await personAt(stack).send(silent, { headers: { 'sec-fetch-dest': 'iframe' } });
    expect(new URL(framed.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
  });

  it('[RG09] a request too long for an address leads nowhere either', async () => {
    const { service } = await registerItself(stack.issuer);
    const body = new URL(service.authorization({ state: 's'.repeat(9_000) }).url).searchParams;
    await expectErrorPage(await fetch(`${stack.issuer}/authorize`, { method: 'POST', body, redirect: 'manual' }));
  });

  it('[RG10] it is answered in silence only at a web address: a secret that anybody gets proves nothing', async () => {
    const alice = await signedInAt(stack);
    const web = (await registerItself(stack.issuer)).service;
    await web.tokens(alice);
    expect((await redirectOf(web.authorization().url, alice)).searchParams.has('code')).toBe(true);
    const local = (await registerItself(stack.issuer, { redirect_uris: ['http://localhost:3000/cb'] })).service;
    await local.tokens(alice);
    const again = await alice.visit(local.authorization().url);
    expect(again.kind === 'page' && approvalForm(again) !== undefined).toBe(true);
    expect(again.kind === 'page' && again.html).toContain('This service is not verified.');
  });

  it('an operator who checked it may say so, and then it is told of errors at once', async () => {
    const { service, told } = await registerItself(stack.issuer);
    const path = `apps/${told.client_id}`;
    const { body } = await answerOf(administer(stack.issuer, { method: 'GET', path }));
    await okJson(administer(stack.issuer, { method: 'PUT', path, body: { ...body, assent_verified: true } }));
    await stack.restartHost();
    const { url } = service.authorization({ scope: 'no.such' });
    expect((await redirectOf(url)).searchParams.get('error')).toBe('invalid_scope');
  });
});

describe('a registration that nobody uses', () => {
  const day = 86_400;

  it('[RG07] disappears after 30 days; one in use lives on for as long as what people allowed it', async () => {
    const unused = await registerItself(stack.issuer);
    const used = await registerItself(stack.issuer);
    const alice = await signedInAt(stack);
    await used.service.tokens(alice);
    const stored = async () =>
      (await storedRows(stack, 'clients')).find(({ clientId }) => clientId === used.told.client_id)?.keepUntil;
    const first = await stored();
    expect(Number(first) - Date.now() / 1000).toBeGreaterThan(365 * day);
    await used.service.tokens(alice);
    expect(await stored()).toBe(first);
    await stack.clock.move(31 * day);
    const bob = personAt(stack, 'bob');
    await expectErrorPage(await bob.send(unused.service.authorization().url));
    expect(await refusalOf(unused.service.refresh('x'))).toEqual({ status: 401, error: 'invalid_client' });
    await used.service.tokens(bob);
    expect(await stored()).toBeGreaterThan(Number(first));
    await stack.clock.reset();
    await stack.restartHost();
  });

  it('[RG07] lives on by the tokens of its own that an operator lets it get, and no longer than others without', async () => {
    const [used, unused] = [await registerItself(stack.issuer), await registerItself(stack.issuer)];
    const ask = ({ service }: typeof used) => service.token({ grant_type: 'client_credentials', scope: 'vso.work' });
    for (const { told } of [used, unused]) {
      const path = `apps/${told.client_id}`;
      const { body } = await answerOf(administer(stack.issuer, { method: 'GET', path }));
      const change = { ...body, grant_types: [...(body.grant_types as string[]), 'client_credentials'] };
      await okJson(administer(stack.issuer, { method: 'PUT', path, body: change }));
    }
    await stack.restartHost();
    await okJson(ask(used));
    await stack.clock.move(31 * day);
    await okJson(ask(used));
    expect(await refusalOf(ask(unused))).toEqual({ status: 401, error: 'invalid_client' });
    await stack.clock.reset();
    await stack.restartHost();
  });
});
