/** GET /: what this place is, for whoever comes by. */
import type { Endpoint } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { type HomeView, homePage } from '../../pages/home.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/** The addresses that their endpoints want to see on the page, by who reads it. */
export const listedAddresses = (named: readonly Endpoint[]): HomeView['addresses'] => {
  const listedFor = (reader: keyof HomeView['addresses']) =>
    named.flatMap(({ route, listed }) => (listed?.for === reader ? [{ path: `/${route}`, about: listed.about }] : []));
  return { developers: listedFor('developers'), operators: listedFor('operators') };
};

/** `named` are the endpoints that may be listed on it. */
export const home = (named: readonly Endpoint[]): Endpoint => {
  const addresses = listedAddresses(named);
  return {
    name: 'home',
    // An empty route would become the function's name: the host takes it for absent.
    route: '{ignored:maxlength(0)?}',
    methods: ['GET'],
    audience: 'people',
    crossOrigin: false,
    handle: async (request, server) => {
      const session = await currentSession(request, server);
      const { brandName, issuer } = server.config;
      const site = { brandName, issuer, addresses };
      if (session === undefined) return page(homePage({ ...site, operator: false }));
      const account = { name: session.displayName, accountName: session.accountName };
      return page(
        homePage({ ...site, account, operator: session.role === 'operator', formToken: formTokenOf(session) }),
      );
    },
  };
};
