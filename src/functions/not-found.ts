/**
 * Every other path: a page for people, JSON below the paths that services call. Its name must sort behind all others: the
 * Functions host tries routes in the order of the functions' names and takes the first that matches.
 */
import type { Endpoint } from '../http/endpoint.ts';
import { json } from '../http/reply.ts';
import { OAuthError } from '../oauth/errors.ts';

const servicePaths = /^\/?(?:token|revoke|introspect|api|\.well-known)(?:\/|$)/;

export const notFound: Endpoint = {
  name: 'zz-not-found',
  route: '{*path}',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  audience: 'people',
  crossOrigin: false,
  handle: async (request) => {
    if (servicePaths.test(request.segment('path') ?? ''))
      return json({ error: 'not_found', error_description: 'there is nothing at this address' }, { status: 404 });
    throw new OAuthError('not_found', 'there is nothing at this address');
  },
};
