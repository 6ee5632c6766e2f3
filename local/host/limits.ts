/** What the platform refuses before any function is asked; docs/functions-host.md says where each limit was seen. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** Documented for Azure Functions; taken here for the whole address, origin included, so that no part of it is in doubt. */
const addressCharacters = 4_096;
/** Kestrel's, with the line's end. */
const requestLineBytes = 8_192;
const headerLines = 100;
/** With the request line. Kestrel takes 32 KB of headers, proxies in front of it often half of that. */
const headBytes = 16_384;

/** Room for the parser, so that it is this table that answers. */
export const parsedHeadBytes = 65_536;

/** Bytes of a body, unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says otherwise. */
const defaultBodyBytes = 104_857_600;

/** The status with which a request's head is refused. */
export const refusalOfHead = (request: IncomingMessage): 400 | 414 | 431 | undefined => {
  const { method = '', url = '', rawHeaders } = request;
  const line = Buffer.byteLength(`${method} ${url} HTTP/1.1\r\n`, 'latin1');
  const address = `http://${request.headers.host ?? ''}${url}`;
  if (line > requestLineBytes || address.length > addressCharacters) return 414;
  const headers = rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
  if (rawHeaders.length / 2 > headerLines || line + headers > headBytes) return 431;
  return isProper(request) ? undefined : 400;
};

const isProper = ({ url = '', headers: { host }, rawHeaders }: IncomingMessage): boolean =>
  url.startsWith('/') &&
  host !== undefined &&
  /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host) &&
  rawHeaders.every((part) => isAscii.test(part) || isUtf8(Buffer.from(part, 'latin1')));

const isAscii = /^[\x20-\x7e]*$/;

/** What comes in chunks has no length: none of it is read. */
export const announcedBytes = ({ headers }: IncomingMessage): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : 0;

export const bodyLimit = (environment: Readonly<Record<string, string | undefined>>): number => {
  const setting = environment.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT ?? '';
  return /^\d+$/.test(setting) ? Number(setting) : defaultBodyBytes;
};
