/** HTTP request -> the data that the Functions host sends to its worker. */
import type { IncomingMessage } from 'node:http';
import type { RpcHttpData, RpcNullable } from './core-api.ts';
import { announcedBytes } from './limits.ts';

/** Reads the body that was announced, within the limit that the caller has checked. What comes in chunks is left unread. */
export const readBody = (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  if (announcedBytes(request) === 0) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
};

export type RpcRequestParts = {
  /** Without dot segments. */
  readonly path: string;
  readonly body: Buffer;
  readonly params: Readonly<Record<string, string>>;
};

/** `request.url` must be origin-form and the Host header present: the server has checked both. */
export const toRpcRequest = (request: IncomingMessage, { path, body, params }: RpcRequestParts): RpcHttpData => {
  const target = request.url ?? '/';
  const query = target.includes('?') ? target.slice(target.indexOf('?')) : '';
  return {
    url: `http://${request.headers.host}${path}${query}`,
    method: request.method ?? 'GET',
    nullableHeaders: nullable(headersOf(request)),
    nullableQuery: nullable(mergeRepeats(new URLSearchParams(query))),
    nullableParams: nullable(Object.entries(params)),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
};

const nullable = (entries: Iterable<readonly [string, string]>): Record<string, RpcNullable<string>> => {
  const values: Record<string, RpcNullable<string>> = Object.create(null);
  for (const [name, value] of entries) values[name] = { value };
  return values;
};

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
    const value = inUtf8(request.rawHeaders[index + 1] ?? '');
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}${name === 'cookie' ? '; ' : ','}${value}`);
  }
  return headers;
};

/** Kestrel reads header values as UTF-8, Node as Latin-1. */
const inUtf8 = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
