/** HTTP request -> the data that the Functions host sends to its worker. */
import type { IncomingMessage } from 'node:http';
import type { RpcHttpData, RpcNullable } from './core-api.ts';

/** The limit of the Functions platform on Flex Consumption. */
const bodyLimitBytes = 210_000_000;

/** Reads the whole body; undefined, without waiting for the rest, when it is longer than the platform allows. */
export const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

export type RpcRequestParts = {
  readonly body: Buffer;
  readonly params: Readonly<Record<string, string>>;
};

/** `request.url` must be origin-form and the Host header present: the server has checked both. */
export const toRpcRequest = (request: IncomingMessage, { body, params }: RpcRequestParts): RpcHttpData => {
  const target = request.url ?? '/';
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  return {
    url: `http://${request.headers.host}${target}`,
    method: request.method ?? 'GET',
    nullableHeaders: nullable(headersOf(request)),
    nullableQuery: nullable(mergeRepeats(new URLSearchParams(query))),
    nullableParams: nullable(Object.entries(params)),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
};

const nullable = (entries: Iterable<readonly [string, string]>): Record<string, RpcNullable<string>> =>
  Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));

/** The host keeps one value per name, whatever its letter case: repeats are joined with commas (ASP.NET StringValues). */
const mergeRepeats = (entries: Iterable<readonly [string, string]>): Iterable<readonly [string, string]> => {
  const merged = new Map<string, readonly [string, string]>();
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? [name, value] : [earlier[0], `${earlier[1]},${value}`]);
  }
  return merged.values();
};

/** From the raw list, because Node drops repeats of some headers (Authorization, for one) that the host joins. */
const headersOf = (request: IncomingMessage): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}${name === 'cookie' ? '; ' : ','}${value}`);
  }
  const forwarded = headers.get('x-forwarded-for');
  headers.set('x-forwarded-for', forwarded === undefined ? peerOf(request) : `${forwarded}, ${peerOf(request)}`);
  return headers;
};

/** Azure's front end appends the peer's address with its port; what the client wrote before it proves nothing. */
const peerOf = ({ socket }: IncomingMessage): string => {
  const address = socket.remoteAddress ?? '';
  return `${address.includes(':') ? `[${address}]` : address}:${socket.remotePort ?? 0}`;
};
