/**
 * Every other path: a page for people, JSON below the paths that services call, a problem below those of administrators. Its name must sort behind all others: the
 * Functions host tries routes in the order of the functions' names and takes the first that matches.
 */
import type { Endpoint, Facts } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { routes } from '../routes.ts';

/** Where libraries look for what other servers have there. */
const elsewhere = ['register', 'userinfo'];

const ofServices = Object.values<Facts>(routes).filter(({ audience }) => audience === 'services');

const firstSegments = new Set([...ofServices.map(({ route }) => route.split('/')[0]), ...elsewhere]);

const segmentsOf = (request: Incoming): readonly string[] =>
  (request.segment('path') ?? '').replace(/^\//, '').split('/');

const isAdminPath = (request: Incoming): boolean => {
  const [first, second] = segmentsOf(request);
  return first === 'api' && second === 'admin';
};

const isServicePath = (request: Incoming): boolean => {
  const segments = segmentsOf(request);
  // Documents below an issuer's path are asked for in two places (RFC 8414 §3.1, OpenID Connect Discovery §4).
  return firstSegments.has(segments[0] ?? '') || segments.slice(0, -1).includes('.well-known');
};

export const notFound: Endpoint = {
  name: 'zz-not-found',
  route: '{*path}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  audience: 'people',
  withoutStorage: true,
  // A library that looks for a document which is not there must see that it is not: else its script sees a network failure.
  crossOrigin: isServicePath,
  problems: isAdminPath,
  handle: async (request) => {
    if (isServicePath(request) && !isAdminPath(request))
      return json({ error: 'not_found', error_description: 'there is nothing at this address' }, { status: 404 });
    throw new OAuthError('address_unknown', 'there is nothing at this address');
  },
};
