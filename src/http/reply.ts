/** Replies, and the one place for status lines, cache headers and security headers. */
import { base64url, sha256 } from '../oauth/crypto.ts';
import { type Html, render } from '../pages/html.ts';
import { styleHash } from '../pages/layout.ts';
import type { SetCookie } from './cookies.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly SetCookie[];
  readonly body: string | undefined;
};

/** RFC 6749 §5.1; the same for every page, which shows somebody's affairs. */
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

/**
 * `form-action` is left out where a form's answer redirects to a client. Chromium and Safari apply it to every hop after
 * a submission, the client's own onward redirects included, so that any list would break somebody's approval without a
 * word. The page has no markup but ours, so the directive would stop nothing.
 */
const contentSecurityPolicy = (formAction: 'self' | 'anywhere'): string =>
  [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    // The icon, which is part of the page.
    'img-src data:',
    ...(formAction === 'self' ? ["form-action 'self'"] : []),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

export const page = (html: Html, { status = 200, formAction = 'self', cookies = [] }: PageOptions = {}): Reply => ({
  status,
  headers: {
    ...noStore,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(formAction),
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  },
  cookies,
  body: render(html),
});

type PageOptions = {
  readonly status?: number;
  readonly formAction?: 'self' | 'anywhere';
  readonly cookies?: readonly SetCookie[];
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

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { ...noStore, ...headers },
  cookies: [],
  body: undefined,
});

/** 303 always: the browser must not repeat a POST with its body at the next address (RFC 9700 §4.12). */
export const redirect = (location: string, cookies: readonly SetCookie[] = []): Reply => ({
  status: 303,
  headers: { ...noStore, location },
  cookies,
  body: undefined,
});

/** A public JSON document that caches may keep. `presented` is the request's If-None-Match (RFC 9110 §13.1.2). */
export const publicDocument = (
  body: unknown,
  { maxAgeSeconds, presented }: { readonly maxAgeSeconds: number; readonly presented: string | undefined },
): Reply => {
  const text = JSON.stringify(body);
  const etag = `"${base64url(sha256(text)).slice(0, 22)}"`;
  const headers = { 'cache-control': `public, max-age=${maxAgeSeconds}`, etag };
  const isKnown = presented?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;
  if (isKnown) return { status: 304, headers, cookies: [], body: undefined };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, cookies: [], body: text };
};
