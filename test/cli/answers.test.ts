/** The command line and a deployment that does not do what it should: late, strange, hostile. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { assent } from '../support/cli.ts';

type Seen = { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] };
type Answering = (request: Seen, response: ServerResponse) => unknown;

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that gives everybody a token, and answers the rest as it is told. */
const likeness = async (answer: Answering) => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    request.resume().on('end', () => {
      seen.push({ method, url, headers });
      if (url === '/token') return json(response, 200, { access_token: 'the-token' });
      answer({ method, url, headers }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { ASSENT_ISSUER: issuer, ASSENT_CLIENT_ID: 'a', ASSENT_CLIENT_SECRET: 'b' };
  return { issuer, seen, run: (words: string) => assent(words.split(' '), { env }) };
};

const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('an answer that', () => {
  it('does not come ends the command, not the patience of whoever waits', async () => {
    const { run } = await likeness(() => undefined);
    const ended = await run('list clients --timeout 0.3');
    expect(ended).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/did not answer in time/) });
  });

  it('cannot come says which address it was', async () => {
    const env = { ASSENT_ISSUER: 'http://127.0.0.1:1', ASSENT_CLIENT_ID: 'a', ASSENT_CLIENT_SECRET: 'b' };
    const ended = await assent(['list', 'clients'], { env });
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringMatching(/127\.0\.0\.1:1 could not be reached/) });
  });

  it('sends elsewhere is not followed: the token stays here', async () => {
    const other = await likeness((_, response) => json(response, 200, { apps: [] }));
    const { run } = await likeness((_, response) => response.writeHead(302, { location: `${other.issuer}/` }).end());
    expect((await run('list clients')).code).toBe(4);
    expect(other.seen).toEqual([]);
  });

  it.each([
    (issuer: string) => `${issuer}/api/admin/audit/export?after=x`,
    () => 'https://elsewhere.example/api/admin/audit/export',
    () => '//elsewhere.example/api/admin/audit/export',
  ])('names a next page of another place is the last one: %#', async (next) => {
    const { run, seen } = await likeness((_, response) => {
      response.writeHead(200, { link: `<${next('http://127.0.0.1:2')}>; rel="next"` }).end('{"assent_audit":1}\n');
    });
    expect(await run('audit export')).toMatchObject({ code: 0, stdout: '{"assent_audit":1}\n' });
    expect(seen.filter(({ url }) => url.startsWith('/api'))).toHaveLength(1);
  });

  it('asks for a moment is asked again, a creation under the same key', async () => {
    let answers = 0;
    const { run, seen } = await likeness((_, response) => {
      answers += 1;
      if (answers < 3) return json(response, 503, { title: 'Not now' }, { 'retry-after': '0' });
      json(response, 201, { client_name: 'X', client_id: 'x' });
    });
    expect((await run('register --name X')).code).toBe(0);
    const keys = seen.filter(({ url }) => url === '/api/admin/apps').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('asks for a moment after a change is not asked again: nobody knows whether it was made', async () => {
    const { run, seen } = await likeness(({ method }, response) =>
      method === 'DELETE' ? json(response, 503, { title: 'Not now' }, { 'retry-after': '0' }) : json(response, 404, {}),
    );
    expect((await run('secrets remove a b')).code).toBe(5);
    expect(seen.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('is no JSON, or none of ours, is said to be that', async () => {
    const { run } = await likeness((_, response) => response.writeHead(500).end('<h1>Oops</h1>'));
    expect(await run('list clients')).toMatchObject({ code: 5, stderr: expect.stringMatching(/answered 500/) });
    expect(await run('call')).toMatchObject({ code: 5, stderr: expect.stringMatching(/a deployment of Assent\?/) });
  });

  it('holds what steers a terminal is shown without it', async () => {
    const name = 'Evil\u001b[2J\u202e\u0007\nroot  Nightly';
    const { run } = await likeness((_, response) =>
      json(response, 200, { apps: [{ client_id: 'x', client_name: name }] }),
    );
    const { stdout } = await run('list clients');
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  });
});

it('a token of people is asked for by no scope that a document made up', async () => {
  const document = {
    components: { securitySchemes: { person: { 'x-assent-scope': 'https://graph.microsoft.com/.default' } } },
  };
  const { issuer } = await likeness((_, response) => json(response, 200, document));
  const ended = await assent(['list', 'clients'], { env: { ASSENT_ISSUER: issuer } });
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(/takes no tokens of people/) });
});
