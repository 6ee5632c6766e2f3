import { readFile, rm } from 'node:fs/promises';
import { request as rawRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../local/child.ts';
import { localMasterKey } from '../../local/host/admin.ts';
import { startHostProcess } from '../../local/processes.ts';

const fixture = fileURLToPath(new URL('./fixture', import.meta.url));
const port = 9300 + Math.floor(Math.random() * 500);
const origin = `http://localhost:${port}`;
const logFile = join(tmpdir(), `assent-host-${process.pid}.log`);

type Shown = {
  readonly method: string;
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly bodyLength: number;
};

const shown = async (path: string, init?: RequestInit): Promise<Shown> =>
  (await (await fetch(origin + path, init)).json()) as Shown;

/** fetch tidies paths and headers; this sends them as they are. */
const sendRaw = (
  path: string,
  headers: Record<string, string | string[]> = {},
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const call = rawRequest({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject).end();
  });

let host: Child;

const logged = async (): Promise<string> => readFile(logFile, 'utf8');

const startFixture = (): Promise<Child> =>
  startHostProcess({ port, settings: { FIXTURE_LOG: logFile }, print: false, packageFolder: fixture });

beforeAll(async () => {
  host = await startFixture();
});

afterAll(async () => {
  await host.stop('SIGKILL', 0);
  await rm(logFile, { force: true });
});

describe('routes', () => {
  it.each([
    ['/', 'root'],
    ['/ITEMS/first/', 'first'],
    ['/named', 'by name'],
  ])('%s reaches the function %s', async (path, body) => {
    expect(await (await fetch(origin + path)).text()).toBe(body);
  });

  it('takes the first that matches in the order of the names, and not the more specific one', async () => {
    // `all-items` before `item`, and `item` before `latest`.
    expect(await (await fetch(`${origin}/items/first`)).text()).toBe('first');
    expect((await shown('/items/latest')).params).toEqual({ id: 'latest' });
  });

  it('decodes parameters and leaves an encoded slash inside one of them', async () => {
    expect((await shown('/items/a%20b')).params).toEqual({ id: 'a b' });
    expect((await shown('/items/a%2Fb')).params).toEqual({ id: 'a%2Fb' });
    expect((await shown('/files/a/b.txt')).params).toEqual({ path: 'a/b.txt' });
  });

  it.each([
    ['a wrong method', 'PUT', '/echo'],
    ['an unknown path', 'GET', '/nowhere'],
    ['a longer path', 'GET', '/echo/more'],
    ['a path below /runtime', 'GET', '/Runtime/webhooks'],
  ])('answers %s with a bare 404', async (_what, method, path) => {
    const response = await fetch(origin + path, { method });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it.each(['/items/%zz', '/items/%ff', '/items/a%00b'])('refuses the path %s', async (path) => {
    expect(await sendRaw(path)).toEqual({ status: 400, body: '' });
  });

  it('refuses a Host header that is none, and survives strange targets', async () => {
    expect((await sendRaw('/echo', { host: 'a b/..' })).status).toBe(400);
    expect((await sendRaw('//[/echo')).status).toBe(404);
    expect((await sendRaw('/')).body).toBe('root');
  });
});

describe('requests', () => {
  it('merges repeated query parameters, whatever their letter case, but leaves them in the URL', async () => {
    const { query, url } = await shown('/echo?a=1&A=2&b=');
    expect(query).toEqual({ a: '1,2', b: '' });
    expect(url).toBe(`${origin}/echo?a=1&A=2&b=`);
  });

  it('joins repeated headers, those included of which Node keeps one', async () => {
    const { body } = await sendRaw('/echo', {
      authorization: ['Basic a', 'Bearer b'],
      cookie: ['a=1', 'b=2'],
      host: 'h',
    });
    expect((JSON.parse(body) as Shown).headers).toMatchObject({
      authorization: 'Basic a,Bearer b',
      cookie: 'a=1; b=2',
    });
  });

  it('passes 10 MB on', async () => {
    expect((await shown('/echo', { method: 'POST', body: Buffer.alloc(10_000_000, 'x') })).bodyLength).toBe(10_000_000);
  });
});

describe('responses', () => {
  it('writes cookies as ASP.NET does and keeps one Set-Cookie of the headers', async () => {
    const response = await fetch(`${origin}/cookies`);
    expect(response.headers.getSetCookie()).toEqual([
      'second=2',
      'plain=a%20b%3Bc; path=/',
      '__Host-s=x; max-age=0; path=/; secure; samesite=lax; httponly',
      'cross=y; expires=Tue, 14 Nov 2023 22:13:20 GMT; path=/p; samesite=none',
    ]);
  });

  it('answers 204 for a function that returns nothing and drops the body of 304', async () => {
    expect((await fetch(`${origin}/nothing`)).status).toBe(204);
    const response = await fetch(`${origin}/empty`);
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  it('answers 500 without a word when a function throws, and logs why', async () => {
    const response = await fetch(`${origin}/fails`);
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(host.output()).toContain('secret detail');
  });

  it('lets hooks replace the result', async () => {
    expect(await (await fetch(`${origin}/hooked`)).text()).toBe('hooked');
  });
});

describe('timers', () => {
  const runNow = (name: string, body: string, type = 'application/json') =>
    fetch(`${origin}/admin/functions/${name}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, 'x-functions-key': localMasterKey },
    });

  it('run on their schedule', async () => {
    await vi.waitFor(async () => expect(await logged()).toContain('pulse'), 60_000);
  });

  it('run once on POST /admin/functions/<name>, with the timer in camel case', async () => {
    expect((await runNow('sweep', '{}')).status).toBe(202);
    await vi.waitFor(async () => expect(await logged()).toContain('sweep isPastDue,schedule,scheduleStatus'), 60_000);
  });

  it.each([
    ['an unknown function', 'nobody', '{}', 404],
    ['an HTTP function', 'echo', '{}', 404],
    ['no JSON', 'sweep', '', 400],
  ])('are not run for %s', async (_what, name, body, status) => {
    expect((await runNow(name, body)).status).toBe(status);
  });
});

it('on SIGTERM finishes what is under way, runs the appTerminate hook, exits with 0', async () => {
  const slow = fetch(`${origin}/slow`).then((response) => response.text());
  await vi.waitFor(async () => expect(await logged()).toContain('slow begins'), 60_000);
  const stopped = host.stop('SIGTERM', 10);
  await expect(slow).resolves.toBe('slow');
  await stopped;
  expect(host.process.exitCode).toBe(0);
  expect(await logged()).toMatch(/^appStart\n.*appTerminate\n$/s);
  host = await startFixture();
});
