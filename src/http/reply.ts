/** Replies: a status, headers, cookies and a body. */
import { base64url, sha256 } from '../oauth/crypto.ts';
import { type Html, render } from '../pages/html.ts';
import type { SetCookie } from './cookies.ts';
import { noStore, pageHeaders, pictureHeaders } from './headers.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly SetCookie[];
  readonly body: string | Uint8Array | undefined;
};

export const page = (
  html: Html,
  { status = 200, formAction = 'self', cookies = [], refreshSeconds }: PageOptions = {},
): Reply => ({
  status,
  headers: {
    ...pageHeaders(formAction, html.styles ?? []),
    ...(refreshSeconds === undefined ? {} : { refresh: String(refreshSeconds) }),
  },
  cookies,
  body: render(html),
});

type PageOptions = {
  readonly status?: number;
  /** Where the page's forms lead; `at once`, its script sends it. */
  readonly formAction?: 'self' | 'anywhere' | 'anywhere at once';
  readonly cookies?: readonly SetCookie[];
  /** The browser asks for it again then (HTML §7.12.6), as for something that goes on. */
  readonly refreshSeconds?: number | undefined;
};

export const json = (
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply => ({
  status,
  headers: { ...noStore, 'content-type': 'application/json', ...headers },
  cookies: [],
  body: JSON.stringify(body),
});

/** A text of one JSON document a line. */
export const jsonLines = (body: string, headers: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  headers: { ...noStore, 'content-type': 'application/jsonl', ...headers },
  cookies: [],
  body,
});

/** RFC 7519 §10.3.1, or a type of its own. */
export const jwt = (body: string, type = 'application/jwt'): Reply => ({
  status: 200,
  headers: { ...noStore, 'content-type': type },
  cookies: [],
  body,
});

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { ...noStore, ...headers },
  cookies: [],
  body: undefined,
});

/** A picture whose address changes when it does. Whatever else its bytes may be, no browser makes more of it than a picture. */
export const pictureReply = (
  { type, bytes }: { readonly type: string; readonly bytes: Uint8Array },
  headers = pictureHeaders,
): Reply => ({
  status: 200,
  headers: { ...headers, 'content-type': type },
  cookies: [],
  body: bytes,
});

/** 303 always: the browser must not repeat a POST with its body at the next address (RFC 9700 §4.12). */
export const redirect = (location: string, cookies: readonly SetCookie[] = []): Reply => ({
  status: 303,
  headers: { ...noStore, location },
  cookies,
  body: undefined,
});

type Caching = { readonly maxAgeSeconds: number; readonly presented: string | undefined };

/** A public JSON document that caches may keep. `presented` is the request's If-None-Match (RFC 9110 §13.1.2). */
export const publicDocument = (body: unknown, caching: Caching): Reply => {
  const text = JSON.stringify(body);
  const etag = `"${base64url(sha256(text)).slice(0, 22)}"`;
  return publicText({ text, type: 'application/json', etag }, caching);
};

type PublicText = { readonly text: string; readonly type: string; readonly etag: string };

/** The same for any text. */
export const publicText = ({ text, type, etag }: PublicText, { maxAgeSeconds, presented }: Caching): Reply => {
  const headers = { 'cache-control': `public, max-age=${maxAgeSeconds}`, etag };
  // RFC 9110 §13.1.2: compared weakly.
  const isKnown = presented?.split(',').some((tag) => ['*', opaque(etag)].includes(opaque(tag))) ?? false;
  if (isKnown) return { status: 304, headers, cookies: [], body: undefined };
  return { status: 200, headers: { ...headers, 'content-type': type }, cookies: [], body: text };
};

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
