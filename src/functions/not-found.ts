/**
 * Every other path: a page for people, JSON below the paths that services call. Its name must sort behind all others: the
 * Functions host tries routes in the order of the functions' names and takes the first that matches.
 */
import type { Endpoint } from '../http/endpoint.ts';
import { json } from '../http/reply.ts';
import type { Incoming } from '../http/request.ts';
import { OAuthError } from '../oauth/errors.ts';

/** Those too where libraries look for what other servers have there, documents below an issuer's path included. */
const servicePaths =
  /^\/?(?:(?:token|revoke|introspect|register|par|userinfo|device_authorization|api)(?:\/|$)|(?:.*\/)?\.well-known\/)/;

const isServicePath = (request: Incoming): boolean => servicePaths.test(request.segment('path') ?? '');

export const notFound: Endpoint = {
  name: 'zz-not-found',
  route: '{*path}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  audience: 'people',
  // A library that looks for a document which is not there must see that it is not: else its script sees a network failure.
  crossOrigin: isServicePath,
  handle: async (request) => {
    if (isServicePath(request))
      return json({ error: 'not_found', error_description: 'there is nothing at this address' }, { status: 404 });
    throw new OAuthError('address_unknown', 'there is nothing at this address');
  },
};
