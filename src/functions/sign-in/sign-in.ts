/** GET /sign-in: a person wants to see their own pages. (A service's request signs in through /authorize.) */
import type { Story } from '../../http/endpoint.ts';
import { requireWindow } from '../../http/place.ts';
import { beginSignIn } from './begin.ts';

export const signIn: Story = async (request, server) => {
  requireWindow(request);
  return beginSignIn(request, server, { destination: { page: 'authorizations' } });
};
