/** docs/functions-host.md, row by row, against the local host. */
import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../local/child.ts';
import { localMasterKey } from '../../local/host/admin.ts';
import { startHostProcess } from '../../local/processes.ts';
import { sendBytes } from '../support/raw.ts';

const packageFolder = fileURLToPath(new URL('./likeness-fixture', import.meta.url));
const port = 9300 + Math.floor(Math.random() * 500);
const origin = `http://localhost:${port}`;
const bodyLimit = 20_000;

let host: Child;

const startWith = (settings: Readonly<Record<string, string>>): Promise<Child> =>
  startHostProcess({ port, settings, print: false, packageFolder });

beforeAll(async () => {
  host = await startWith({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(bodyLimit) });
});

afterAll(() => host.stop('SIGKILL', 0));

type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
};

type Seen = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

const send = (path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    call.on('error', reject).end(body);
  });

/** The function that answered, or the status with which the host did. */
const reached = async (path: string, sent?: Sent): Promise<string | number> => {
  const { status, headers } = await send(path, sent);
  return headers['x-function']?.toString() ?? status;
};

type Shown = {
  readonly url: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyLength: number;
};

const shown = async (path: string, sent?: Sent): Promise<Shown> => JSON.parse((await send(path, sent)).text) as Shown;

const lines = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'y']));

/** The first column of the table -> its proof. */
const rows: Readonly<Record<string, () => Promise<void>>> = {
  'Routes are tried in the order of the functions’ names': async () => {
    expect(await reached('/things/special')).toBe('one');
    expect(await reached('/elsewhere')).toBe('zz-all');
  },
  'An empty route': async () => {
    expect(await reached('/by-name')).toBe('by-name');
    expect(await reached('/')).toBe('home');
  },
  'A method that no function has registered': async () => {
    expect(await send('/things/1', { method: 'PUT' })).toMatchObject({ status: 404, text: '' });
  },
  'The same at `/`': async () => {
    const page = await send('/', { method: 'PUT' });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html']);
    expect(page.text).toContain('Your Functions 4.0 app is up and running');
  },
  'A body in chunks': async () => {
    const sent = { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: 'a=b' };
    const { bodyLength, headers } = await shown('/things/1', sent);
    expect([bodyLength, headers['transfer-encoding'], headers['content-length']]).toEqual([0, 'chunked', undefined]);
  },
  'A body over `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`': async () => {
    const sent = (length: number) => ({
      method: 'POST',
      headers: { 'content-length': String(length) },
      body: 'x'.repeat(length),
    });
    expect(await reached('/things/1', sent(bodyLimit))).toBe('one');
    expect(await reached('/things/1', sent(bodyLimit + 1))).toBe(500);
  },
  'A request line over 8,192 bytes': async () => {
    expect((await send(`/${'x'.repeat(8_192)}`)).status).toBe(414);
  },
  'An address over 4,096 characters': async () => {
    const longest = `/${'x'.repeat(4_096 - `http://127.0.0.1:${port}/`.length)}`;
    expect(await reached(longest)).toBe('zz-all');
    expect(await reached(`${longest}x`)).toBe(414);
    expect(await reached(`/things/1?q=${'x'.repeat(4_096)}`)).toBe(414);
  },
  'More than 100 header lines': async () => {
    // Host and Connection are two more.
    expect(await reached('/things/1', { headers: lines(98) })).toBe('one');
    expect(await reached('/things/1', { headers: lines(99) })).toBe(431);
  },
  'Headers over 32 KB': async () => {
    expect(await reached('/things/1', { headers: { cookie: 'x'.repeat(15_000) } })).toBe('one');
    expect(await reached('/things/1', { headers: { cookie: 'x'.repeat(17_000) } })).toBe(431);
  },
  'A header value beyond Latin-1': async () => {
    const inUtf8 = (value: string) => ({ headers: { 'x-name': Buffer.from(value).toString('latin1') } });
    expect((await shown('/things/1', inUtf8('é'))).headers['x-name']).toBe('é');
    expect(await reached('/things/1', inUtf8('名'))).toBe(500);
    expect(await reached('/things/1', { headers: { 'x-name': '\xff' } })).toBe(400);
  },
  '`X-Forwarded-For`': async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await shown('/things/1', { headers })).headers['x-forwarded-for']).toBe('203.0.113.9');
    expect((await shown('/things/1')).headers).not.toHaveProperty('x-forwarded-for');
  },
  '`/./x` and `/x/../y`': async () => {
    for (const path of ['/./things/1', '/x/../things/1', '/x/%2e%2E/things/%2e/1', '/../things/1'])
      expect([path, (await shown(path)).url]).toEqual([path, `http://127.0.0.1:${port}/things/1`]);
    expect(await reached('/x/..')).toBe('home');
  },
  '`//…`': async () => {
    expect(await send('//things/1')).toMatchObject({ status: 404, text: '' });
  },
  '`/admin/…` and `/runtime/…` that are not the host’s own': async () => {
    expect((await shown('/admin/x')).path).toBe('admin/x');
    expect((await shown('/runtime/x')).path).toBe('runtime/x');
  },
  '`/admin/functions/…`, `/admin/host/…`': async () => {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await reached('/admin/functions/sweep', sent)).toBe(401);
    expect(await reached('/admin/host/status')).toBe(401);
    const headers = { ...sent.headers, 'x-functions-key': localMasterKey };
    expect(await reached('/admin/functions/sweep', { ...sent, headers })).toBe(202);
  },
};

describe('the local host is like the real one', () => {
  it.each(Object.entries(rows))('%s', async (_row, prove) => prove());

  it('in every row of the table', async () => {
    const text = await readFile(new URL('../../docs/functions-host.md', import.meta.url), 'utf8');
    const first = [...text.matchAll(/^\| ([^|]+?) \|/gm)].map(([, cell]) => cell).filter((cell) => cell !== '---');
    expect(first.slice(1)).toEqual(Object.keys(rows));
  });

  it('shows nothing at `/` when AzureWebJobsDisableHomepage is set, as in a deployment', async () => {
    await host.stop('SIGKILL', 0);
    host = await startWith({ AzureWebJobsDisableHomepage: 'true' });
    expect(await send('/', { method: 'PUT' })).toMatchObject({ status: 204, text: '' });
  });

  it('refuses 100 MB by what was announced, before any of it comes', async () => {
    const head = 'POST /things/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857601\r\n\r\n';
    expect(await sendBytes(origin, head)).toMatch(/^HTTP\/1\.1 500 /);
  });
});
