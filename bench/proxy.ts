/** A reverse proxy before one emulator: counts requests and bytes as HTTP/1.1 writes them, and may delay every request. */
import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  request as plainRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from '../local/certificate.ts';

type Traffic = { readonly requests: number; readonly bytes: number };

/** What stands between a server and one emulator. */
export type CountingProxy = {
  readonly port: number;
  /** Added to every request before it is passed on. */
  delayMilliseconds: number;
  /** What has passed since the last call. */
  take(): Traffic;
  stop(): Promise<void>;
};

type ProxyOptions = {
  readonly target: number;
  /** With one it is https on both sides. */
  readonly certificate?: Certificate;
};

/** Listens on a free port. */
export const startProxy = async ({ target, certificate }: ProxyOptions): Promise<CountingProxy> => {
  let passed: Traffic = { requests: 0, bytes: 0 };
  const forward = forwarder(target, certificate);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    if (proxy.delayMilliseconds > 0) await sleep(proxy.delayMilliseconds);
    const reply = await forward(request, body);
    const content = await readAll(reply);
    passed = { requests: passed.requests + 1, bytes: passed.bytes + sizeOf(request, body) + sizeOf(reply, content) };
    response.writeHead(reply.statusCode ?? 502, headersOf(reply, content)).end(content);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(request, response).catch(() => response.destroy());
  const server = certificate
    ? createTlsServer({ cert: certificate.certificate, key: certificate.key }, listener)
    : createServer(listener);
  const proxy: CountingProxy = {
    port: await portOf(server),
    delayMilliseconds: 0,
    take: () => {
      const taken = passed;
      passed = { requests: 0, bytes: 0 };
      return taken;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
};

const portOf = async (server: Server): Promise<number> => {
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

const forwarder = (port: number, certificate: Certificate | undefined) => {
  const agent = certificate
    ? new TlsAgent({ keepAlive: true, ca: certificate.authority })
    : new HttpAgent({ keepAlive: true });
  const send = certificate ? tlsRequest : plainRequest;
  return ({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', servername: 'localhost', port, path: url, method, headers, agent };
      send(target).on('response', resolve).on('error', reject).end(body);
    });
};

const readAll = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const headersOf = ({ headers }: IncomingMessage, content: Buffer) => {
  const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _keepAlive, ...rest } = headers;
  return { ...rest, 'content-length': content.length };
};

/** First line, headers with `: ` and line ends, empty line, body. */
const sizeOf = (message: IncomingMessage, body: Buffer): number => {
  const first = `${message.method ?? message.statusCode} ${message.url || message.statusMessage} HTTP/1.1\r\n`;
  return first.length + message.rawHeaders.reduce((sum, part) => sum + part.length + 2, 2) + body.length;
};
