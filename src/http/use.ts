/** What of a request is remembered as the use of something: the kind of program, and roughly where. */
import { countryIn, networkOf, programKindOf, type Use } from '../oauth/grants/use.ts';
import type { Server } from '../server.ts';
import type { Incoming } from './request.ts';

/** The country that the request comes from, if a proxy of the operator's says so (COUNTRY_HEADER). */
export const countryOf = (request: Incoming, { config }: Server): string | undefined =>
  config.countryHeader === undefined ? undefined : countryIn(request.header(config.countryHeader));

/** Where the request comes from: a country, where one is known, else a network. */
export const placeNamed = (request: Incoming, server: Server): string | undefined =>
  countryOf(request, server) ?? networkOf(request.source);

export const useOf = (request: Incoming, server: Server): Use => ({
  by: programKindOf(request.header('user-agent')),
  from: placeNamed(request, server),
});
