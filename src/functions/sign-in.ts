/** GET /sign-in: a person wants to see their own pages. (A service's request signs in through /authorize.) */
import type { Endpoint } from '../http/endpoint.ts';
import { beginSignIn } from './steps/begin-sign-in.ts';

export const signIn: Endpoint = {
  name: 'sign-in',
  route: 'sign-in',
  methods: ['GET'],
  audience: 'people',
  crossOrigin: false,
  handle: (request, server) => beginSignIn(request, server, { destination: { page: 'authorizations' } }),
};
