/** Pictures of services: taken, stripped, served from here, and whatever only looks like one refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminWith, ownTokenOf } from '../../support/admin.ts';
import { appPageOf, idOf, registerApp } from '../../support/apps.ts';
import { type DocumentSite, startDocumentSite } from '../../support/client-documents.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { jpegOf, pngChunk, pngOf, webpOf } from '../../support/pictures.ts';
import { storedRows } from '../../support/rows.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let service: Service;
let elsewhere: DocumentSite;

beforeAll(async () => {
  stack = await startStack();
  elsewhere = await startDocumentSite();
  olga = await signedInAt(stack, 'olga');
  service = await registerApp(olga, stack);
});

afterAll(async () => {
  await elsewhere.stop();
  await stack.stop();
});

type Sent = { readonly bytes?: Buffer; readonly name?: string; readonly fields?: Readonly<Record<string, string>> };

const upload = async ({ bytes, name = 'logo.png', fields = {} }: Sent): Promise<Response> => {
  const page = await appPageOf(olga, stack, `/${idOf(service)}/edit`);
  const form = /<form method="post" action="[^"]*\/logo"[\s\S]*?<\/form>/.exec(page.html)?.[0] ?? '';
  const body = new FormData();
  for (const field of ['token', 'etag'])
    body.set(
      field,
      (new RegExp(`name="${field}" value="([^"]+)"`).exec(form)?.[1] ?? '')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'"),
    );
  for (const [field, value] of Object.entries(fields)) body.set(field, value);
  body.set('logo', new Blob(bytes === undefined ? [] : [bytes as Uint8Array<ArrayBuffer>]), name);
  const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
  return olga.send(`${stack.issuer}/apps/${idOf(service)}/logo`, { method: 'POST', body, headers });
};

const logoOf = async (): Promise<string | undefined> =>
  /src="\/logos\/([0-9a-f]+)"/.exec((await appPageOf(olga, stack, `/${idOf(service)}`)).html)?.[1];

const served = (id = ''): Promise<Response> => fetch(`${stack.issuer}/logos/${id}`);

describe('a picture', () => {
  it.each([
    ['image/png', pngOf()],
    ['image/jpeg', jpegOf()],
    ['image/webp', webpOf()],
  ])('of %s is taken, and served from here for good, as nothing but a picture', async (type, bytes) => {
    expect((await upload({ bytes, name: 'evil.svg' })).headers.get('location')).toBe(`/apps/${idOf(service)}`);
    const answer = await served(await logoOf());
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  it('goes with the one before it, and with the service', async () => {
    await upload({ bytes: pngOf() });
    const before = await logoOf();
    await upload({ bytes: pngOf({ colour: [1, 2, 3] }) });
    const after = await logoOf();
    expect([(await served(before)).status, (await served(after)).status]).toEqual([404, 200]);
    await upload({ fields: { remove: 'yes' } });
    expect([await logoOf(), (await served(after)).status]).toEqual([undefined, 404]);
    expect((await storedRows(stack, 'clients')).filter(({ RowKey }) => RowKey === 'logo')).toEqual([]);
  });

  it('stays when an operator changes something else of the service', async () => {
    await upload({ bytes: pngOf({ colour: [4, 5, 6] }) });
    const before = await logoOf();
    const call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
    const { body } = await call('GET', `apps/${idOf(service)}`);
    const answer = await call('PUT', `apps/${idOf(service)}`, { body: { ...body, assent_verified: true } });
    expect(answer.body).toMatchObject({ assent_verified: true, assent_logo: `/logos/${before}` });
    expect([await logoOf(), (await served(before)).status]).toEqual([before, 200]);
  });

  it('can be named by an address, from which it is fetched once', async () => {
    const before = elsewhere.asked('logo.png');
    elsewhere.answer('logo.png', { headers: { 'content-type': 'image/png' }, body: pngOf().toString('latin1') });
    expect((await upload({ fields: { logo_uri: elsewhere.addressOf('logo.png') } })).status).toBeLessThan(500);
    expect(elsewhere.asked('logo.png') - before).toBe(1);
  });
});

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('what only looks like a picture', () => {
  it.each([
    ['markup', Buffer.from(svg), 'This is no PNG'],
    [
      'markup behind the first bytes of a PNG',
      Buffer.concat([pngOf().subarray(0, 8), Buffer.from(svg)]),
      'This is no PNG',
    ],
    ['a picture that would unpack to gigabytes', pngOf({ width: 50_000, height: 50_000 }), 'Each side of the picture'],
    ['more than 256 KB', Buffer.concat([pngOf(), Buffer.alloc(262_144)]), 'more than 256 KB'],
    ['nothing', undefined, 'This is no PNG'],
  ])('%s is refused in words', async (_what, bytes, words) => {
    const answer = await upload(bytes === undefined ? {} : { bytes });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  });

  it('of ten megabytes is refused by its length', async () => {
    expect((await upload({ bytes: Buffer.alloc(10_000_000, 1) })).status).toBe(413);
  });

  it('and holds markup beside its picture loses it', async () => {
    await upload({ bytes: pngOf({ more: [pngChunk('tEXt', Buffer.from(svg))] }) });
    expect(Buffer.from(await (await served(await logoOf())).arrayBuffer()).toString('latin1')).not.toContain('script');
  });

  it.each([
    'https://localhost:1/x.png',
    'http://169.254.169.254/x.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'x',
  ])('at %s is not fetched', async (address) => {
    const answer = await upload({ fields: { logo_uri: address } });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('There is no picture at this address'),
    ]);
  });

  it.each(['text/html', 'image/svg+xml', 'application/octet-stream'])(
    'and is served as %s is not taken',
    async (type) => {
      elsewhere.answer('page', { headers: { 'content-type': type }, body: svg });
      expect((await upload({ fields: { logo_uri: elsewhere.addressOf('page') } })).status).toBe(400);
    },
  );

  it('is no multipart body at all: refused, whatever it is', async () => {
    const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
    const url = `${stack.issuer}/apps/${idOf(service)}/logo`;
    const send = (body: string, type: string) =>
      olga.send(url, { method: 'POST', body, headers: { ...headers, 'content-type': type } });
    expect((await send('x', 'multipart/form-data')).status).toBe(400);
    expect((await send('x', 'multipart/form-data; boundary=a')).status).toBe(400);
    expect((await send('--a\r\n\r\n--a--', 'multipart/form-data; boundary=a')).status).toBe(400);
    expect((await send('a=b', 'application/x-www-form-urlencoded')).status).toBe(415);
  });
});
