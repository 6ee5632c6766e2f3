/** The picture that a registration names (`logo_uri`): fetched once, on an operator's word, and served from here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, webMetadata } from '../../support/admin.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { type DocumentSite, startDocumentSite } from '../../support/client-documents.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { pngOf } from '../../support/pictures.ts';
import { callRegister, registerItself } from '../../support/registration.ts';
import { createService, demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let elsewhere: DocumentSite;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  elsewhere = await startDocumentSite();
  alice = await signedInAt(stack);
});

afterAll(async () => {
  await elsewhere.stop();
  await stack.stop();
});

/** With a token of its own: the clock of the server moves on. */
const call: Admin = async (...what) =>
  adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...what);

let count = 0;

/** The name of a picture that is there. */
const published = (bytes = pngOf({ colour: [count % 256, 9, 9] })): string => {
  const name = `logo-${++count}.png`;
  elsewhere.answer(name, { headers: { 'content-type': 'image/png' }, body: bytes });
  return name;
};

type Body = Readonly<Record<string, unknown>>;

const registered = async (logo: unknown): Promise<Body> => {
  const answer = await call('POST', 'apps', { body: { ...webMetadata, logo_uri: logo } });
  expect(answer.status).toBe(201);
  return answer.body;
};

const replaced = async (service: Body, change: Body): Promise<Body> => {
  const path = `apps/${service.client_id}`;
  const { body } = await call('GET', path);
  const answer = await call('PUT', path, { body: { ...body, ...change } });
  expect(answer.status).toBe(200);
  return answer.body;
};

/** How the service is shown to whoever is asked: the path of its picture, or undefined for its letter. */
const shown = async ({ client_id: id }: Body, redirectUri: string = webMetadata.redirect_uris[0]) => {
  // What an operator changes reaches the pages within a minute.
  await stack.clock.move(61);
  const service = createService(stack.issuer, { clientId: String(id), redirectUri });
  const { html } = await approvalPageOf(alice, service.authorization({ scope: 'vso.work' }).url);
  expect(html).not.toContain(elsewhere.addressOf(''));
  return /class="initial tile picture" src="([^"]+)"/.exec(html)?.[1];
};

const served = async (path: unknown): Promise<number> => (await fetch(`${stack.issuer}${path}`)).status;

describe('the picture of a service that an operator registers', () => {
  it('[RG13] is fetched once, and people see it from this origin', async () => {
    const picture = pngOf({ colour: [1, 2, 3] });
    const name = published(picture);
    const service = await registered(elsewhere.addressOf(name));
    expect(service).toMatchObject({
      logo_uri: elsewhere.addressOf(name),
      assent_logo: expect.stringMatching(/^\/logos\/[0-9a-f]{64}$/),
      assent_warnings: [],
    });
    await replaced(service, { client_name: 'Fabrikam Charts' });
    expect(await shown(service)).toBe(service.assent_logo);
    const answer = await fetch(`${stack.issuer}${service.assent_logo}`);
    expect([answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer())]).toEqual([
      'image/png',
      picture,
    ]);
    expect(elsewhere.asked(name)).toBe(1);
  });

  it('[RG13] is another at another address, and none without one; the one before is not kept', async () => {
    const service = await registered(elsewhere.addressOf(published()));
    const other = await replaced(service, { logo_uri: elsewhere.addressOf(published()) });
    expect([await served(service.assent_logo), await served(other.assent_logo)]).toEqual([404, 200]);
    const without = await replaced(service, { logo_uri: undefined });
    expect(without).not.toHaveProperty('assent_logo');
    expect([await served(other.assent_logo), await shown(service)]).toEqual([404, undefined]);
  });

  it('[RG13] is served whoever of two operators was first', async () => {
    const service = await registered(undefined);
    const path = `apps/${service.client_id}`;
    const { body, headers } = await call('GET', path);
    const change = (logo: string) =>
      call('PUT', path, {
        body: { ...body, logo_uri: elsewhere.addressOf(logo) },
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
    const answers = await Promise.all([change(published()), change(published())]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body: now } = await call('GET', path);
    expect(await served(now.assent_logo)).toBe(200);
  });
});

describe('an address that gives no picture', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const png = { 'content-type': 'image/png' };

  it.each([
    ['that is not there', { status: 404, body: '' }],
    ['of a page', { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }],
    ['of a drawing that is a program', { headers: { 'content-type': 'image/svg+xml' }, body: svg }],
    ['of markup that is called a picture', { headers: png, body: svg }],
    ['of ten megabytes', { headers: png, body: Buffer.concat([pngOf(), Buffer.alloc(10_000_000)]) }],
    ['of what would unpack to gigabytes', { headers: png, body: pngOf({ width: 50_000, height: 50_000 }) }],
    ['that packs it', { headers: { ...png, 'content-encoding': 'gzip' }, body: pngOf() }],
    ['that never answers', { body: undefined }],
  ])('[RG14] %s leaves the service with its letter, and the operator is told', async (_what, answer) => {
    const name = `bad-${++count}`;
    elsewhere.answer(name, answer);
    const service = await registered(elsewhere.addressOf(name));
    expect(service).not.toHaveProperty('assent_logo');
    expect(service.assent_warnings).toEqual([expect.stringContaining('logo_uri gave no picture')]);
    expect(await shown(service)).toBeUndefined();
  });

  it('[RG14] sends us nowhere else: no redirect is followed, and no address inside is asked', async () => {
    const name = published();
    elsewhere.answer('elsewhere', { status: 302, headers: { location: elsewhere.addressOf(name) }, body: '' });
    for (const address of [elsewhere.addressOf('elsewhere'), 'https://169.254.169.254/x.png', 'https://[::1]/x.png'])
      expect(await registered(address)).not.toHaveProperty('assent_logo');
    expect(elsewhere.asked(name)).toBe(0);
  });

  it('[RG14] is asked again when an operator replaces the metadata', async () => {
    const name = `late-${++count}`;
    const service = await registered(elsewhere.addressOf(name));
    elsewhere.answer(name, { headers: png, body: pngOf() });
    expect(await shown(service)).toBeUndefined();
    const again = await replaced(service, {});
    expect(await shown(service)).toBe(again.assent_logo);
    expect(again.assent_warnings).toEqual([]);
  });

  it.each(['http://fabrikam.example/x.png', 'javascript:alert(1)', 'x', 7])(
    '[RG14] that is %j is told to an operator at once',
    async (logo) => {
      const answer = await call('POST', 'apps', { body: { ...webMetadata, logo_uri: logo } });
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_client_metadata']);
    },
  );
});

describe('the picture of a service that registered itself', () => {
  const redirectUri = 'https://notes.tailspin.example/callback';

  it('[RG15] is not even fetched before an operator has verified the service, and goes when it changes', async () => {
    const name = published();
    const { told } = await registerItself(stack.issuer, { logo_uri: elsewhere.addressOf(name) });
    expect(told).toMatchObject({ logo_uri: elsewhere.addressOf(name) });
    expect([await shown(told, redirectUri), elsewhere.asked(name)]).toEqual([undefined, 0]);
    const { body } = await call('GET', `apps/${told.client_id}`);
    expect(body.assent_warnings).toContainEqual(expect.stringContaining('once the service is verified'));

    const verified = await replaced(told, { assent_verified: true });
    expect([await shown(told, redirectUri), elsewhere.asked(name)]).toEqual([verified.assent_logo, 1]);

    const token = String(told.registration_access_token);
    const other = published();
    const own = (logo: string) => ({
      client_id: told.client_id,
      client_name: told.client_name,
      redirect_uris: told.redirect_uris,
      logo_uri: elsewhere.addressOf(logo),
    });
    const manage = (logo: string) =>
      callRegister(stack.issuer, { method: 'PUT', path: `/${told.client_id}`, token, body: own(logo) });
    expect((await manage(name)).status).toBe(200);
    expect(await shown(told, redirectUri)).toBe(verified.assent_logo);
    const changed = await manage(other);
    expect([changed.status, changed.body.logo_uri]).toEqual([200, elsewhere.addressOf(other)]);
    expect(changed.body).not.toHaveProperty('assent_logo');
    expect([await shown(told, redirectUri), elsewhere.asked(other)]).toEqual([undefined, 0]);
    expect(await served(verified.assent_logo)).toBe(404);
  });

  it.each(['data:image/png;base64,AAAA', 'http://fabrikam.example/x.png', '', 7, null])(
    '[RG15] at %j is left out, and the service registered',
    async (logo) => {
      const { told } = await registerItself(stack.issuer, { logo_uri: logo });
      expect(told).not.toHaveProperty('logo_uri');
    },
  );

  it('[RG15] is never fetched for a document, which nobody vouches for', async () => {
    const name = published();
    const client = `client-${++count}`;
    elsewhere.publish(client, { logo_uri: elsewhere.addressOf(name) });
    const { html } = await approvalPageOf(alice, elsewhere.service(stack.issuer, client).authorization().url);
    expect([html.includes('tile picture'), elsewhere.asked(name)]).toEqual([false, 0]);
  });
});
