/** Scripts of other origins (Fetch §3.2): without credentials, so that they get what anybody could fetch. */
import { empty, type Reply } from './reply.ts';
import type { Incoming } from './request.ts';

export const preflight = (allowed: readonly string[], request: Incoming): Reply =>
  empty(204, {
    'access-control-allow-methods': allowed.join(', '),
    'access-control-allow-headers': allowedHeaders(request.header('access-control-request-headers')),
    'access-control-max-age': '7200',
  });

/** Far more than libraries add; what comes back in a header of ours is bounded. */
const requestedHeadersLimit = 50;
const headerNameLimit = 64;

/**
 * Whatever headers are asked for, as far as they are header names (RFC 9110 §5.6.2): fetch wrappers and tracing libraries add
 * headers that mean nothing here, and none of them is worth a failure. A list of our own and `*` are not enough: `*` does not
 * cover Authorization (Fetch §4.8).
 */
const allowedHeaders = (requested = ''): string => {
  const isName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && name.length <= headerNameLimit;
  const names = requested.split(',', requestedHeadersLimit).map((name) => name.trim());
  return ['Authorization', 'Content-Type', 'DPoP', ...new Set(names.filter(isName))].join(', ');
};

/** The answer as a page of another origin may read it, errors included. */
export const openToScripts = (reply: Reply): Reply => ({
  ...reply,
  headers: {
    ...reply.headers,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce, Retry-After',
    vary: 'Origin',
  },
});
