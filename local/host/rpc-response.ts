/** What the worker returned for an HTTP trigger -> HTTP response, as the Functions host writes it. */
import type { ServerResponse } from 'node:http';
import type { RpcCookie, RpcHttpData, RpcTypedData } from './core-api.ts';

/** RFC 9110 §6.4.1: these have no content. */
const withoutContent = new Set([204, 205, 304]);

/** A function that returned nothing answers 204, as in the host. */
export const writeRpcResponse = (response: ServerResponse, returned: RpcTypedData | undefined): void => {
  const http: RpcHttpData = returned?.http ?? { statusCode: '204' };
  const status = Number(http.statusCode ?? 200);
  response.statusCode = status;
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    if (!isConnectionHeader(name)) response.setHeader(name, value);
  }
  for (const cookie of http.cookies ?? []) response.appendHeader('set-cookie', serializeCookie(cookie));
  const body = bodyOf(http.body);
  if (withoutContent.has(status) || response.req.method === 'HEAD') response.end();
  else response.end(body);
};

const isConnectionHeader = (name: string): boolean =>
  ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'].includes(name.toLowerCase());

const bodyOf = (body: RpcTypedData | undefined): Uint8Array => {
  if (body?.bytes !== undefined) return body.bytes;
  return Buffer.from(body?.string ?? body?.json ?? '');
};

const sameSites = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/** ASP.NET's cookie writer: the value is percent-encoded, Path is `/` unless the function says otherwise. */
const serializeCookie = (cookie: RpcCookie): string => {
  const sameSite = cookie.sameSite === undefined || cookie.sameSite === 'none' ? undefined : sameSites[cookie.sameSite];
  const attributes = [
    cookie.expires !== undefined && `expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`,
    cookie.maxAge !== undefined && `max-age=${Math.trunc(cookie.maxAge.value)}`,
    cookie.domain !== undefined && `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value === true && 'secure',
    sameSite !== undefined && `samesite=${sameSite}`,
    cookie.httpOnly?.value === true && 'httponly',
  ];
  const pair = `${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`;
  return [pair, ...attributes.filter((attribute) => attribute !== false)].join('; ');
};
