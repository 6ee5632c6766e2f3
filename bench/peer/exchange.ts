/** Carries a request of `@azure/functions` to a handler of `node:http`, and its answer back: no socket is in between. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Cookie, HttpRequest, HttpResponseInit } from '@azure/functions';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Resolves when the handler has ended its answer. Rejects when it throws. */
export const exchange = async (request: HttpRequest, handle: Handle): Promise<HttpResponseInit> => {
  const incoming = await incomingOf(request);
  const response = new Captured(incoming);
  await handle(incoming, response);
  await response.ended;
  const { 'set-cookie': cookies = [], ...headers } = response.getHeaders();
  return {
    status: response.statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    // Several Set-Cookie headers would collapse to the last one.
    cookies: [cookies].flat().map((line) => cookieOf(String(line))),
    body: Buffer.concat(response.chunks),
  };
};

const incomingOf = async (request: HttpRequest): Promise<IncomingMessage> => {
  const { url, method, headers } = request;
  const incoming = new IncomingMessage(new Socket());
  const { pathname, search } = new URL(url);
  incoming.method = method;
  incoming.url = pathname + search;
  incoming.headers = Object.fromEntries(headers);
  incoming.rawHeaders = [...headers].flat();
  incoming.httpVersion = '1.1';
  const body = method === 'POST' ? Buffer.from(await request.arrayBuffer()) : Buffer.alloc(0);
  if (body.length > 0) incoming.push(body);
  incoming.push(null);
  incoming.complete = true;
  return incoming;
};

/** Keeps what is written instead of sending it. */
class Captured extends ServerResponse {
  readonly chunks: Buffer[] = [];
  #end: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  override write(chunk: unknown): boolean {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array));
    return true;
  }

  override end(chunk?: unknown): this {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk);
    this.#end();
    this.emit('finish');
    return this;
  }
}

/** RFC 6265 §5.2, as far as oidc-provider writes them. */
const cookieOf = (line: string): Cookie => {
  const [pair = '', ...attributes] = line.split('; ');
  const [name, value] = splitOnce(pair);
  const given = new Map(attributes.map(splitOnce).map(([key, text]) => [key.toLowerCase(), text]));
  const [expires, sameSite] = [given.get('expires'), given.get('samesite')];
  return {
    name,
    value,
    path: given.get('path') ?? '/',
    httpOnly: given.has('httponly'),
    secure: given.has('secure'),
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
    ...(sameSite === undefined ? {} : { sameSite: /^lax$/i.test(sameSite) ? 'Lax' : 'Strict' }),
  };
};

const splitOnce = (text: string): [string, string] => {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};
