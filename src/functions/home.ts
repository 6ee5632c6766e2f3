/** GET /: what this place is, for whoever comes by. */
import type { Endpoint } from '../http/endpoint.ts';
import { page } from '../http/reply.ts';
import { formTokenOf } from '../oauth/approval.ts';
import { homePage } from '../pages/home.ts';
import { currentSession } from './steps/browser-session.ts';

export const home: Endpoint = {
  name: 'home',
  // An empty route would become the function's name: the host takes it for absent.
  route: '{ignored:maxlength(0)?}',
  methods: ['GET'],
  audience: 'people',
  crossOrigin: false,
  handle: async (request, server) => {
    const session = await currentSession(request, server);
    const { brandName, issuer } = server.config;
    if (session === undefined) return page(homePage({ brandName, issuer, operator: false }));
    const account = { name: session.displayName, accountName: session.accountName };
    return page(
      homePage({ brandName, issuer, account, operator: session.isOperator, formToken: formTokenOf(session) }),
    );
  },
};
