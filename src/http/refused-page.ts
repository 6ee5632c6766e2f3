/** A page that says why something did not happen, and where to go from there. */

import { type ErrorView, errorPage } from '../pages/error.ts';
import type { Words } from '../pages/words/words.ts';
import type { Server } from '../server.ts';
import { page, type Reply } from './reply.ts';
import type { Incoming } from './request.ts';
import { siteOf } from './site.ts';

type Refused = Pick<ErrorView, 'title' | 'message' | 'action' | 'service'>;

/** `viewIn` chooses from the words of the person's language. */
export const refusedPage = async (
  request: Incoming,
  server: Server,
  viewIn: (words: Words) => Refused,
): Promise<Reply> => {
  const site = await siteOf(request, server);
  const view = viewIn(site.words);
  return page(errorPage({ ...site, ...view }), {
    status: 400,
    formAction: view.service === undefined ? 'self' : 'anywhere',
  });
};
