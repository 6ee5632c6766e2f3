/** GET /sign-in: a person wants to see their own pages. (A service's request signs in through /authorize.) */
import type { Endpoint } from '../../http/endpoint.ts';
import { requireWindow } from '../../http/place.ts';
import { beginSignIn } from './begin.ts';

export const signIn: Endpoint = {
  name: 'sign-in',
  route: 'sign-in',
  methods: ['GET'],
  audience: 'people',
  crossOrigin: false,
  handle: async (request, server) => {
    requireWindow(request);
    return beginSignIn(request, server, { destination: { page: 'authorizations' } });
  },
};
