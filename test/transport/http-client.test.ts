/** What the SDKs' requests travel with. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { describe, expect, it, onTestFinished } from 'vitest';
import { headersFrom } from '../../src/transport/headers.ts';
import { createHttpClient, type Request } from '../../src/transport/http-client.ts';
import { makeThin } from '../../src/transport/pipeline.ts';

const listening = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const requestTo = (url: string, parts: Partial<Request> = {}): Request => ({
  url,
  method: 'GET',
  headers: headersFrom({ Accept: 'text/plain' }),
  timeout: 0,
  withCredentials: false,
  requestId: 'id',
  allowInsecureConnection: true,
  ...parts,
});

const client = createHttpClient();

/** What it rejects with. */
const failureOf = (request: Request) =>
  client.sendRequest(request).then(
    () => undefined,
    (error: Error & { statusCode?: number }) => error,
  );

const never: RequestListener = () => undefined;
const halfAnAnswer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': 10 });
  response.write('half');
};

describe('the HTTP client of the SDKs', () => {
  it('sends texts and bytes with their length and gives the whole answer, whatever its status', async () => {
    const url = await listening((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, headers } = request;
        response.writeHead(418, { ETag: 'W/"1"' });
        response.end(
          `${method} ${request.url} ${headers.accept} ${headers['content-length']} ${Buffer.concat(chunks)}`,
        );
      });
    });
    for (const body of ['ü', Buffer.from('ü')]) {
      const answer = await client.sendRequest(requestTo(`${url}/a?b=c%20d`, { method: 'POST', body }));
      expect(answer).toMatchObject({ status: 418, bodyAsText: 'POST /a?b=c%20d text/plain 2 ü' });
      expect([answer.headers.get('etag'), answer.headers.get('EtAg')]).toEqual(['W/"1"', 'W/"1"']);
    }
  });

  it('offers nobody to unpack an answer', async () => {
    const url = await listening((request, response) => response.end(String(request.headers['accept-encoding'])));
    const headers = headersFrom({ 'Accept-Encoding': 'gzip,deflate' });
    expect(await client.sendRequest(requestTo(url, { headers }))).toMatchObject({ bodyAsText: 'undefined' });
  });

  it('does not follow redirects', async () => {
    const url = await listening((_request, response) => response.writeHead(307, { location: '/' }).end());
    expect((await client.sendRequest(requestTo(url))).status).toBe(307);
  });

  it.each([
    ['before the answer begins', never],
    ['in the middle of the answer', halfAnAnswer],
  ])('ends with its time limit and with its signal: %s', async (_when, listener) => {
    const url = await listening(listener);
    const ended = [
      await failureOf(requestTo(url, { timeout: 50 })),
      await failureOf(requestTo(url, { abortSignal: AbortSignal.timeout(50) })),
      await failureOf(requestTo(url, { abortSignal: AbortSignal.abort() })),
    ];
    expect(ended.map((error) => [error?.name, error?.statusCode])).toEqual(
      Array.from({ length: 3 }, () => ['AbortError', undefined]),
    );
  });

  it.each<readonly [string, RequestListener]>([
    ['before it', (request) => request.socket.destroy()],
    [
      'in the middle of it',
      (request, response) => {
        halfAnAnswer(request, response as never);
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
  ])('fails without a status when the connection ends without a whole answer: %s', async (_when, listener) => {
    const error = await failureOf(requestTo(await listening(listener)));
    expect([error instanceof TypeError, error?.statusCode]).toEqual([false, undefined]);
    expect(error?.message).toMatch(/hang up|aborted/);
  });

  it('sends nothing over http unless the request allows it, and nothing by other ways', async () => {
    const url = await listening((_request, response) => response.end());
    expect(await failureOf(requestTo(url, { allowInsecureConnection: false }))).toBeInstanceOf(TypeError);
    expect(await failureOf(requestTo('ftp://127.0.0.1/'))).toBeInstanceOf(TypeError);
  });

  it('uses one connection for requests one after the other', async () => {
    const ports = new Set<unknown>();
    const url = await listening((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x');
    });
    for (let turn = 0; turn < 3; turn++) await client.sendRequest(requestTo(url));
    expect(ports.size).toBe(1);
  });
});

describe('a thin pipeline', () => {
  const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) };

  it('keeps tokens, the id of the request and who sends it', () => {
    const { pipeline } = new TableClient('https://account.table.core.windows.net', 'users', credential);
    makeThin(pipeline);
    expect(
      pipeline
        .getOrderedPolicies()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['bearerTokenAuthenticationPolicy', 'setClientRequestIdPolicy', 'userAgentPolicy']);
  });
});
