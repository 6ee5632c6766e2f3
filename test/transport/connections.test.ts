import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeCertificate } from '../../local/certificate.ts';
import { headersFrom } from '../../src/transport/headers.ts';
import { createHttpClient, type HttpClient, type Request } from '../../src/transport/http-client.ts';
import { rawServer } from './raw-server.ts';

const requestTo = (url: string, parts: Partial<Request> = {}): Request => ({
  url,
  method: 'POST',
  headers: headersFrom({}),
  timeout: 0,
  withCredentials: false,
  requestId: 'id',
  allowInsecureConnection: true,
  body: '.',
  ...parts,
});

const twice = async (url: string): Promise<void> => {
  const client = createHttpClient();
  for (let turn = 0; turn < 2; turn += 1) await client.sendRequest(requestTo(url));
};

describe('a connection', () => {
  it.each([
    ['is used again', 'Content-Length: 1\r\n\r\nx', 1],
    ['is used again after chunks', 'Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n', 1],
    ['is not used again when the server closes it', 'Content-Length: 1\r\nConnection: close\r\n\r\nx', 2],
    ['is not used again when more comes than was announced', 'Content-Length: 1\r\n\r\nxy', 2],
    [
      'is not used again when the server is about to close it',
      'Content-Length: 1\r\nKeep-Alive: timeout=1\r\n\r\nx',
      2,
    ],
    ['is used again when it is kept for long', 'Content-Length: 1\r\nKeep-Alive: timeout=60\r\n\r\nx', 1],
  ])('%s', async (_what, answer, connections) => {
    const { url, heard } = await rawServer((socket) => socket.write(`HTTP/1.1 200 OK\r\n${answer}`));
    await twice(url);
    expect(heard).toHaveLength(connections);
  });

  it('that the server has closed is not asked again', async () => {
    const closed: Promise<void>[] = [];
    const { url } = await rawServer((socket) => {
      closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx');
    });
    const client = createHttpClient();
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await client.sendRequest(requestTo(url))).status).toBe(200);
      await closed.at(-1);
    }
    expect(closed).toHaveLength(3);
  });

  it('over which somebody says something unasked is not used', async () => {
    const closed = Promise.withResolvers<void>();
    const { url, heard } = await rawServer((socket) => {
      socket.once('close', () => closed.resolve());
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx');
      setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'));
    });
    const client = createHttpClient();
    await client.sendRequest(requestTo(url));
    await closed.promise;
    expect((await client.sendRequest(requestTo(url))).bodyAsText).toBe('x');
    expect(heard).toHaveLength(2);
  });

  it('of a request that was ended is not used for another one', async () => {
    const { url, heard } = await rawServer((socket, request) => {
      if (!request.includes('/slow')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine');
    });
    const client = createHttpClient();
    const slow = client.sendRequest(requestTo(`${url}/slow`, { timeout: 30 }));
    await expect(slow).rejects.toHaveProperty('name', 'AbortError');
    expect((await client.sendRequest(requestTo(url))).bodyAsText).toBe('mine');
    expect(heard).toHaveLength(2);
  });

  it('carries one request at a time', async () => {
    const { url, heard } = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'));
    const client = createHttpClient();
    await Promise.all(Array.from({ length: 3 }, () => client.sendRequest(requestTo(url))));
    expect(heard.map((text) => text.match(/HTTP\/1\.1/g))).toEqual(Array.from({ length: 3 }, () => ['HTTP/1.1']));
  });

  it('to where nobody listens fails without a status', async () => {
    const error = await createHttpClient()
      .sendRequest(requestTo('http://127.0.0.1:1'))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a request', () => {
  it('leaves in one piece, with its host and what it was given', async () => {
    const { url, heard } = await rawServer((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const headers = headersFrom({ 'X-Ms-Version': '2019-02-02', 'if-match': '*' });
    await createHttpClient().sendRequest(requestTo(`${url}/a%20b?c=d`, { headers, method: 'PUT' }));
    const [head = '', body] = heard[0]?.split('\r\n\r\n') ?? [];
    expect(head.split('\r\n')).toEqual([
      'PUT /a%20b?c=d HTTP/1.1',
      `host: ${new URL(url).host}`,
      'connection: keep-alive',
      'x-ms-version: 2019-02-02',
      'if-match: *',
      'content-length: 1',
    ]);
    expect(body).toBe('.');
  });

  it.each([
    ['a value with a line end', { 'x-a': 'a\r\nx-b: b' }],
    ['a value with a line feed', { 'x-a': 'a\nx-b: b' }],
    ['a value beyond Latin-1', { 'x-a': '€' }],
    ['a name with a colon', { 'x:a': 'a' }],
    ['a name with a blank', { 'x a': 'a' }],
    ['a name of nothing', { '': 'a' }],
  ])('is not sent with %s', async (_what, headers) => {
    const { url, heard } = await rawServer((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    const sent = createHttpClient().sendRequest(requestTo(url, { headers: headersFrom(headers) }));
    await expect(sent).rejects.toBeInstanceOf(TypeError);
    expect(heard).toEqual([]);
  });
});

/** An https server for localhost, and whether each of its connections went on with the session of another. */
const secureServer = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'transport-'));
  const { authority, certificate, key } = await makeCertificate(folder);
  const resumed: boolean[] = [];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    request.resume();
    request.on('end', () => response.setHeader('connection', 'close').end('secure'));
  });
  server.on('secureConnection', (socket: TLSSocket) => resumed.push(socket.isSessionReused()));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { port: (server.address() as AddressInfo).port, authority, resumed };
};

const trusting = (authority: string): void => {
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, authority]);
  onTestFinished(() => setDefaultCACertificates(usual));
};

const answerFrom = (client: HttpClient, url: string) =>
  client.sendRequest(requestTo(url, { allowInsecureConnection: false }));

describe('over https', () => {
  it('a server that nobody vouches for is not spoken to', async () => {
    const { port } = await secureServer();
    await expect(answerFrom(createHttpClient(), `https://localhost:${port}`)).rejects.toHaveProperty(
      'code',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
  });

  it('nor is one that goes by another name', async () => {
    const { port, authority } = await secureServer();
    trusting(authority);
    const other = answerFrom(createHttpClient(), `https://0.0.0.0:${port}`);
    await expect(other).rejects.toHaveProperty('code', 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('the session of a connection is gone on with in the next', async () => {
    const { port, authority, resumed } = await secureServer();
    trusting(authority);
    const client = createHttpClient();
    for (let turn = 0; turn < 2; turn += 1)
      expect((await answerFrom(client, `https://localhost:${port}`)).bodyAsText).toBe('secure');
    expect(resumed).toEqual([false, true]);
  });
});
