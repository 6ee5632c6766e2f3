/** GET /sign-in: a person wants to see their own pages. (A service's request signs in through /authorize.) */
import type { Endpoint } from '../http/endpoint.ts';
import { beginSignIn } from './steps/begin-sign-in.ts';
import { requireWindow } from './steps/place.ts';

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
