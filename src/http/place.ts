/**
 * Where a browser is going to show the answer (Fetch Metadata). Any page can make a browser ask in the background, in a
 * frame or ahead of time; only what somebody sees in a window of their own may begin, change or give anything.
 */

import { OAuthError } from '../oauth/errors.ts';
import type { Incoming } from './request.ts';

/** `background` is everything that nobody will look at: scripts' requests, images, prefetches, and HEAD. */
export type Place = 'window' | 'frame' | 'background';

/** Each has been some browser's way to say that it only prepares (`X-Moz` was Firefox's, `X-Purpose` Safari's). */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

const places: Readonly<Record<string, Place>> = {
  document: 'window',
  iframe: 'frame',
  frame: 'frame',
  embed: 'frame',
  object: 'frame',
  fencedframe: 'frame',
};

/** What does not say where it asks from is taken for a window: old browsers, and everything that is no browser. */
export const placeOf = (request: Incoming): Place => {
  const isAhead = purposeHeaders.some((name) => /prefetch|prerender|preview/i.test(request.header(name) ?? ''));
  if (isAhead || request.method === 'HEAD') return 'background';
  const destination = request.header('sec-fetch-dest');
  if (destination !== undefined) return places[destination] ?? 'background';
  // A mode alone is no browser's: the fetch of Node sends it, and nothing else.
  const isNavigation = (request.header('sec-fetch-mode') ?? 'navigate') === 'navigate';
  return isNavigation || request.header('sec-fetch-site') === undefined ? 'window' : 'background';
};

/** Throws `not_a_window`, which is a page: what was asked for is not answered (RFC 8252 §8.12, RFC 9700 §4.16). */
export const requireWindow = (request: Incoming): void => {
  if (placeOf(request) !== 'window') throw notAWindow();
};

export const notAWindow = (): OAuthError =>
  new OAuthError('not_a_window', 'please open this page in a window of its own');
