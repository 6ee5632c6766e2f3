/** A request as the functions see it: what `@azure/functions` hands over, read once and with care. */
import type { HttpRequest } from '@azure/functions';
import { OAuthError } from '../oauth/errors.ts';
import { isParameterText, type Parameters, parametersFrom, parseParameters } from '../oauth/parameters.ts';
import { sourceOf } from './source.ts';

export type Incoming = {
  readonly method: string;
  /** Of the URL, as it was sent. */
  readonly path: string;
  /** The raw query, without the question mark. Parsed from the URL: the library's own map merges repeated parameters. */
  readonly query: string;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  readonly cookieNames: readonly string[];
  /** A segment of the route, such as `client_id`. */
  segment(name: string): string | undefined;
  /** The form in the body (RFC 6749 appendix B). Throws `unsupported_media_type`, `length_required`, `invalid_request`. */
  form(): Promise<Parameters>;
  /** A form with a file in it (RFC 7578). Throws as `form`. */
  upload(): Promise<Upload>;
  /** The JSON in the body, of whatever shape. Throws `unsupported_media_type`, `length_required`, `invalid_request`. */
  json(): Promise<unknown>;
  /** The caller's address, or its network; undefined where there is none. */
  readonly source: string | undefined;
  /** The platform's id of this invocation. */
  readonly invocation: string;
  /** For the log: the client that the request turned out to be of. Whoever finds it out sets it. */
  clientId: string | undefined;
  /** In which languages the service wants the person to be spoken to. Whoever read the request sets it. */
  uiLocales: string | undefined;
  /** The nonce that the answer offers, whatever it is (RFC 9449 §8.2). Whoever read a DPoP proof sets it. */
  dpopNonce: string | undefined;
};

/** Fields and files; a file that nobody chose is none. */
export type Upload = Parameters & { readonly files: ReadonlyMap<string, Buffer> };

/** Nothing that we take is longer, but for what an endpoint says of itself. The platform itself would let 210 MB through. */
const bodyLimit = 65_536;

export const readRequest = (
  request: HttpRequest,
  {
    trustedProxies,
    invocation,
    limit = bodyLimit,
    parametersLimit,
  }: {
    readonly trustedProxies: number;
    readonly invocation: string;
    readonly limit?: number | undefined;
    readonly parametersLimit?: number | undefined;
  },
): Incoming => {
  const cookies = cookiesOf(request.headers.get('cookie'));
  const header = (name: string) => request.headers.get(name) ?? undefined;
  return {
    method: request.method.toUpperCase(),
    path: pathOf(request.url),
    query: queryOf(request.url),
    header,
    cookie: (name) => cookies.get(name),
    cookieNames: [...cookies.keys()],
    segment: (name) => request.params[name],
    source: sourceOf(header('x-forwarded-for'), trustedProxies),
    invocation,
    clientId: undefined,
    uiLocales: undefined,
    dpopNonce: undefined,
    form: async () => {
      requireMediaType(header('content-type'), 'application/x-www-form-urlencoded');
      return parseParameters(await textOf(request, limit), parametersLimit);
    },
    upload: async () => {
      requireMediaType(header('content-type'), 'multipart/form-data');
      return uploadIn(await bytesOf(request, limit), header('content-type') ?? '');
    },
    json: async () => {
      requireMediaType(header('content-type'), 'application/json');
      const text = await textOf(request, limit);
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new OAuthError('body_not_json', 'the body is not JSON');
      }
    },
  };
};

/** The runtime has parsed it before: there is a path, with nothing left to resolve. */
const pathOf = (url: string): string => {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  return /^[^?#]*/.exec(url.slice(start))?.[0] ?? '/';
};

const queryOf = (url: string): string => {
  const start = url.indexOf('?');
  return start < 0 ? '' : (url.slice(start + 1).split('#')[0] ?? '');
};

/** Parameters such as charset mean nothing for either type: both are UTF-8 (RFC 6749 appendix B, RFC 8259 §11). */
const requireMediaType = (contentType: string | undefined, expected: string): void => {
  const [type = ''] = (contentType ?? '').split(';');
  if (type.trim().toLowerCase() !== expected) throw new OAuthError('body_media_type', `the body must be ${expected}`);
};

/** Throws as `bytesOf`, and `invalid_request` for what is not UTF-8. */
const textOf = async (request: HttpRequest, limit: number): Promise<string> => {
  const bytes = await bytesOf(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new OAuthError('body_not_utf8', 'the body is not UTF-8');
  }
};

/** The runtime's own parser. Names and values are held to what those of other forms are. Throws `invalid_request`. */
const uploadIn = async (bytes: ArrayBuffer, contentType: string): Promise<Upload> => {
  const [pairs, files]: [[string, string][], Map<string, Buffer>] = [[], new Map()];
  for (const [name, value] of await partsIn(bytes, contentType))
    if (typeof value === 'string') pairs.push([name, value]);
    else if (value.size > 0) files.set(name, Buffer.from(await value.arrayBuffer()));
  if (!pairs.flat().every(isParameterText))
    throw new OAuthError('parameter_encoding', 'a part is not encoded properly');
  return { ...parametersFrom(pairs), files };
};

const partsIn = async (bytes: ArrayBuffer, contentType: string): Promise<FormData> => {
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new OAuthError('body_not_multipart', 'the body is not multipart/form-data');
  }
};

/** Throws `request_too_large`, `length_required`, and `invalid_request` for what comes compressed. */
const bytesOf = async (request: HttpRequest, limit: number): Promise<ArrayBuffer> => {
  // The host passes a body on only when its length is announced (RFC 9110 §15.5.12).
  if (request.headers.has('transfer-encoding') && !request.headers.has('content-length'))
    throw new OAuthError('body_without_length', 'the body must come with a Content-Length, not in chunks');
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity')
    throw new OAuthError('body_compressed', 'the body must not be compressed');
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > limit) throw tooLarge(limit);
  return bytes;
};

/** Throws `request_too_large` by what the headers say, before anything is made of the body. */
export const requireSmallBody = (request: Incoming, limit = bodyLimit): void => {
  if (Number(request.header('content-length') ?? 0) > limit) throw tooLarge(limit);
};

const tooLarge = (limit: number): OAuthError =>
  new OAuthError('body_too_large', `the body is longer than ${limit} bytes`);

/** RFC 6265 §5.4. Of two cookies with one name the first counts: it is the one with the more specific path. */
const cookiesOf = (header: string | null): ReadonlyMap<string, string> => {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (name !== '' && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
};
