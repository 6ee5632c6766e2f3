/** Clients that are known by a document at their own address (draft-ietf-oauth-client-id-metadata-document). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, redirectOf } from '../../support/answer.ts';
import { assertionBy, assertionFields, newKeyPair } from '../../support/assertions.ts';
import { type DocumentSite, startDocumentSite } from '../../support/client-documents.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import { approvalForm, type Page, type Person } from '../../support/person.ts';
import { demoServices, isActive, okJson, postForm, refusalOf, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let site: DocumentSite;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  site = await startDocumentSite();
  alice = await signedInAt(stack);
});

afterAll(async () => {
  await site.stop();
  await stack.stop();
});

let count = 0;
const published = (metadata: Readonly<Record<string, unknown>> = {}) => {
  const name = `client-${++count}`;
  site.publish(name, metadata);
  return { name, service: site.service(stack.issuer, name) };
};

const pageFor = async (url: string, person = alice): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page' || approvalForm(arrival) === undefined) throw new Error(`no approval page at ${url}`);
  return arrival;
};

describe('a client whose id is the address of its document', () => {
  it('[CI11] gets tokens without a registration, as the metadata says', async () => {
    const { body } = await answerOf(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(body.client_id_metadata_document_supported).toBe(true);
    const { name, service } = published();
    const tokens = await service.tokens(alice, { scope: 'openid vso.work' });
    expect(tokens).toMatchObject({ scope: 'openid vso.work', refresh_token: expect.any(String) });
    await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    expect(await isActive(demoServices(stack.issuer).api, tokens.access_token)).toBe(true);
    expect(site.asked(name)).toBe(1);
  });

  it('[CI08] is shown with the host of its document, and as not verified', async () => {
    const { html } = await pageFor(published().service.authorization().url);
    expect(html).toContain(`Described at <b><bdi>${new URL(site.addressOf('x')).host}</bdi></b>`);
    expect(html).toContain('This service is not verified.');
  });

  it('[RG09] is told of errors only once the person has signed in, and answered in silence at a web address alone', async () => {
    const { service } = published();
    const { url } = service.authorization({ scope: 'no.such' });
    await expectErrorPage(await personAt(stack).send(url));
    expect((await redirectOf(url, alice)).searchParams.get('error')).toBe('invalid_scope');
    await service.tokens(alice);
    expect((await redirectOf(service.authorization().url, alice)).searchParams.has('code')).toBe(true);
  });

  it('[CI08] a changed document asks again, and shows what changed', async () => {
    const changes = [
      [{ client_name: 'Tailspin Agent Two' }, 'Its name was <b><bdi>Tailspin Agent</bdi></b>'],
      [{ jwks_uri: 'https://keys.example/jwks' }, 'The document that describes it has changed'],
      [{ redirect_uris: [service0Redirect, 'https://other.example/cb'] }, 'The document that describes it has changed'],
    ] as const;
    for (const [change, words] of changes) {
      const { name, service } = published();
      await service.tokens(alice);
      site.publish(name, change);
      await stack.restartHost();
      const { html } = await pageFor(service.authorization().url);
      expect(html).toContain('Changed since you allowed it');
      expect(html).toContain(words);
    }
  });

  const service0Redirect = 'https://agent.tailspin.example/callback';

  it('[CI07] proves itself by its keys where it says that it has some', async () => {
    const { service } = published({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: site.addressOf('keys') });
    site.answer('keys', { body: { keys: [] } });
    const code = await service.code(alice);
    expect(await refusalOf(service.redeem(code))).toEqual({ status: 401, error: 'invalid_client' });
    const key = await newKeyPair();
    const keyed = published({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } }).service;
    const { code: second, verifier } = await keyed.code(alice);
    const { clientId } = keyed.registration;
    const assertion = await assertionBy(key, { clientId, issuer: stack.issuer });
    const fields = { grant_type: 'authorization_code', code: second, code_verifier: verifier };
    await okJson<TokenSet>(postForm(`${stack.issuer}/token`, assertionFields(assertion, fields)));
  });

  it('[CI10] has an id that no registration gives out', async () => {
    const { clientId } = published().service.registration;
    expect(clientId).toMatch(/^http/);
    const answer = await answerOf(
      fetch(`${stack.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_id: clientId, redirect_uris: ['https://a.example/'] }),
      }),
    );
    expect(answer.body.client_id).toMatch(/^dyn-/);
  });
});

describe('a document that is none', () => {
  const id = (name: string) => site.addressOf(name);
  const good = (at: string) => ({ client_id: at, client_name: 'X', redirect_uris: ['https://a.example/'] });
  const cases: readonly (readonly [string, (at: string) => Parameters<DocumentSite['answer']>[1], number])[] = [
    ['[CI02] of another client', () => ({ body: good('https://elsewhere.example/c') }), 400],
    ['[CI02] with a secret', (at) => ({ body: { ...good(at), client_secret: 's' } }), 400],
    ['that is no object', () => ({ body: '[]' }), 400],
    ['that is no JSON', () => ({ body: '{' }), 400],
    ['with a prototype', () => ({ body: '{"__proto__":{"client_id":"x"}}' }), 400],
    ['without redirect URIs', (at) => ({ body: { ...good(at), redirect_uris: [] } }), 400],
    ['[RU14] with a hostile redirect URI', (at) => ({ body: { ...good(at), redirect_uris: ['javascript:x'] } }), 400],
    ['[RG03] under a name of ours', (at) => ({ body: { ...good(at), client_name: 'Contoso' } }), 400],
    [
      '[RG03] that wants tokens of its own',
      (at) => ({ body: { ...good(at), grant_types: ['client_credentials'] } }),
      400,
    ],
    ['with private keys', (at) => ({ body: { ...good(at), jwks: { keys: [{ kty: 'EC', d: 'x' }] } } }), 400],
    ['[CI05] larger than 5 KB', (at) => ({ body: { ...good(at), padding: 'x'.repeat(6_000) } }), 503],
    ['[CI05] that never comes', () => ({}), 503],
    ['behind a redirect', () => ({ status: 302, headers: { location: id('client-1') }, body: '' }), 503],
    ['that is not there', () => ({ status: 404, body: '' }), 503],
    ['of another type', (at) => ({ headers: { 'content-type': 'text/html' }, body: good(at) }), 503],
    ['that is packed', (at) => ({ headers: { 'content-encoding': 'gzip' }, body: good(at) }), 503],
  ];

  it.each(cases)('%s: nobody is sent anywhere, and the next one may be right', async (_, answer, status) => {
    // A host of its own: nobody makes us ask one host for long.
    const own = await startDocumentSite();
    own.publish('client');
    own.answer('client', answer(own.addressOf('client')));
    const service = own.service(stack.issuer, 'client');
    const { url } = service.authorization();
    await expectErrorPage(await alice.send(url), status);
    const refusal = await refusalOf(service.refresh('x'));
    expect([401, 503]).toContain(refusal.status);
    own.publish('client');
    expect((await alice.send(url)).status).toBe(200);
    await own.stop();
  });

  it.each([
    'https://127.0.0.1/c',
    'https://[::1]/c',
    'https://10.0.0.1/c',
    'https://169.254.169.254/c',
    'https://[fd00::1]/c',
    'https://[::ffff:10.0.0.1]/c',
    'https://0.0.0.0/c',
    'https://168.63.129.16/c',
    'https://localhost/c',
  ])('[CI04] is not looked for where only we can reach it: %s', async (clientId) => {
    const url = new URL(published().service.authorization().url);
    url.searchParams.set('client_id', clientId);
    await expectErrorPage(await alice.send(url), new URL(clientId).href === clientId ? 503 : 400);
  });

  it('[CI01] and ids that are no such address are not looked for at all', async () => {
    const { name, service } = published();
    const url = new URL(service.authorization().url);
    for (const clientId of [`${id(name)}#x`, id(name).replace('//', '//u@'), `${id('x')}/../${name}`]) {
      url.searchParams.set('client_id', clientId);
      await expectErrorPage(await alice.send(url));
    }
    expect(site.asked(name)).toBe(0);
  });

  it('[CI05] is not asked for at will', async () => {
    const { name, service } = published();
    site.answer(name, { status: 500, body: '' });
    for (let tries = 0; tries < 30; tries++) await expectErrorPage(await alice.send(service.authorization().url), 503);
    expect(site.asked(name)).toBeLessThanOrEqual(11);
    await stack.restartHost();
  });
});

describe('a document that goes away', () => {
  afterEach(async () => {
    await stack.clock.reset();
    await stack.restartHost();
    alice = await signedInAt(stack);
  });

  it('takes nothing from anybody: tokens stay good, wait or are revoked, and none is thrown away', async () => {
    const { name, service } = published();
    const { refresh_token: first, access_token: token } = await service.tokens(alice);
    site.answer(name, { status: 500, body: '' });
    await stack.clock.move(601);
    const tokens = await okJson<TokenSet>(service.refresh(first));
    await stack.clock.move(5_000);
    const refusal = await refusalOf(service.refresh(tokens.refresh_token));
    expect(refusal).toEqual({ status: 503, error: 'temporarily_unavailable' });
    expect(await isActive(demoServices(stack.issuer).api, token)).toBe(false);
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    if (page.kind !== 'page') throw new Error('a page was expected');
    expect(page.html).toContain('Tailspin Agent');
    const form = formsIn(page.html).find(({ action }) => action.endsWith('/authorizations/revoke'));
    if (form === undefined) throw new Error('nothing to revoke');
    expect((await alice.submit(page, form)).kind).toBe('page');
    site.publish(name);
    await stack.clock.move(60);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('is asked for again when it has been kept for as long as it says', async () => {
    const { name, service } = published();
    site.answer(name, {
      headers: { 'cache-control': 'max-age=120' },
      body: { client_id: site.addressOf(name), redirect_uris: ['https://agent.tailspin.example/callback'] },
    });
    const look = () => alice.send(service.authorization().url).then((answer) => answer.status);
    expect([await look(), await look(), site.asked(name)]).toEqual([200, 200, 1]);
    await stack.clock.move(121);
    expect([await look(), site.asked(name)]).toEqual([200, 2]);
  });
});

describe('hosts', () => {
  it.each([
    [{ CLIENT_ID_METADATA: 'off' }, false],
    [{ CLIENT_ID_METADATA: 'listed' }, false],
    [{ CLIENT_ID_METADATA: 'listed', CLIENT_ID_METADATA_HOSTS: 'a.example localhost' }, true],
    [{ CLIENT_ID_METADATA: 'listed', CLIENT_ID_METADATA_HOSTS: '*.localhost' }, false],
    [{ CLIENT_ID_METADATA: 'open', CLIENT_ID_METADATA_BLOCKED_HOSTS: 'localhost' }, false],
  ])('[CI12] are those that the deployment takes documents from: %j', async (settings, isTaken) => {
    await stack.restartHost(0, settings);
    const { name, service } = published();
    const answer = await alice.send(service.authorization().url);
    expect([answer.status, site.asked(name)]).toEqual(isTaken ? [200, 1] : [400, 0]);
    const { body } = await answerOf(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect('client_id_metadata_document_supported' in body).toBe(settings.CLIENT_ID_METADATA !== 'off');
  });
});
