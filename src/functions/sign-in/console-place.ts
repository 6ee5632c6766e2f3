/** Which page of the console somebody asked for: a route of ours and its query, so that signing in leads there and nowhere else. */
import type { Incoming } from '../../http/request.ts';
import type { Destination } from '../../identity/transaction.ts';
import type { Server } from '../../server.ts';
import { routes } from '../routes.ts';

type Place = Extract<Destination, { readonly page: 'console' }>;

/** Takes what a browser keeps among its downloads for the page that offers it. */
const pageOf = (route: string): string => route.replace(/\/(export)?$/, '');

const pages: ReadonlySet<string> = new Set(
  Object.entries(routes)
    .filter(([name, { methods }]) => /^console(-|$)/.test(name) && (methods as readonly string[]).includes('GET'))
    .map(([, { route }]) => pageOf(route)),
);

/** What fits into the cookie of a sign-in; the page alone is left of one that is longer. */
const queryLimit = 2_000;

const placeOf = (path: string, query: string): Place => {
  const route = pageOf(path.slice(1).toLowerCase());
  if (!pages.has(route)) return { page: 'console', route: 'console', query: '' };
  return { page: 'console', route, query: query.length > queryLimit ? '' : query };
};

/** Where the request is to. */
export const placeAsked = ({ path, query }: Incoming): Place => placeOf(path, query);

/** Where the form was that the request sends, by the word of the browser; else where it is sent to. */
export const placeOfForm = (request: Incoming, server: Server): Place => {
  const referer = request.header('referer') ?? '';
  const from = URL.canParse(referer) ? new URL(referer) : undefined;
  return from?.origin === server.config.issuer
    ? placeOf(from.pathname, from.search.slice(1))
    : placeOf(request.path, '');
};

/** Its address at this server. `route` may be of another version of ours. */
export const addressOfPlace = ({ route, query }: Place): `/${string}` => {
  const said = String(new URLSearchParams(query));
  return `/${pages.has(route) ? route : 'console'}${said === '' ? '' : `?${said}`}`;
};
