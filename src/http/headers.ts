/** Every header that protects somebody, in one place; `cors.ts` has those for scripts of other origins. */
import { sha256 } from '../oauth/crypto.ts';
import { formPostHash } from '../pages/form-post-script.ts';
import { type Html, render } from '../pages/html.ts';

type Headers = Readonly<Record<string, string>>;

/** Where a page's forms lead. */
type PagePolicy = 'self' | 'anywhere' | 'anywhere at once';

/** RFC 6749 §5.1; the same for every page, which shows somebody's affairs. */
export const noStore: Headers = { 'cache-control': 'no-store', pragma: 'no-cache' };

const hashes = new WeakMap<Html, string>();

/** Source expression that allows this <style> (CSP 3 §2.3.1). Made when it is first shown. */
const styleHash = (style: Html): string => {
  const hash = hashes.get(style) ?? `sha256-${sha256(render(style)).toString('base64')}`;
  hashes.set(style, hash);
  return hash;
};

/**
 * `form-action` is left out where a form's answer redirects to a client. Chromium and Safari apply it to every hop after
 * a submission, the client's own onward redirects included, so that any list would break somebody's approval without a
 * word. The page has no markup but ours, so the directive would stop nothing.
 */
const contentSecurityPolicy = (formAction: PagePolicy, styles: readonly Html[]): string =>
  [
    "default-src 'none'",
    `style-src ${styles.map((style) => `'${styleHash(style)}'`).join(' ')}`,
    ...(formAction === 'anywhere at once' ? [`script-src '${formPostHash()}'`] : []),
    // Pictures of services, which we serve ourselves (`functions/system/logos.ts`), and the icon, which is part of the page.
    "img-src 'self' data:",
    ...(formAction === 'self' ? ["form-action 'self'"] : []),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

/** What a page has, beside what every answer has. */
export const pageHeaders = (formAction: PagePolicy, styles: readonly Html[]): Headers => ({
  ...noStore,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy(formAction, styles),
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
});

/** Opened by itself, too, it can run nothing, and no other site shows it (Fetch §3.7). */
export const pictureHeaders: Headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/** The organisation's own, which mails show as well. */
export const brandPictureHeaders: Headers = { ...pictureHeaders, 'cross-origin-resource-policy': 'cross-origin' };

/** What every answer has. `keepsOpener` is the endpoint's (`http/endpoint.ts`), for an answer that is shown. */
export const everyAnswer = ({
  keepsOpener,
  https,
}: {
  readonly keepsOpener: boolean;
  readonly https: boolean;
}): Headers => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  ...(keepsOpener ? { 'cross-origin-opener-policy': 'unsafe-none' } : {}),
  ...(https ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
});
