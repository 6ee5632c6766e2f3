/** A page that says why something did not happen, and where to go from there. */

import { type ErrorView, errorPage } from '../pages/error.ts';
import type { Server } from '../server.ts';
import { page, type Reply } from './reply.ts';

export const refusedPage = (
  { config }: Server,
  view: Pick<ErrorView, 'title' | 'message' | 'action' | 'service'>,
): Reply =>
  page(errorPage({ brandName: config.brandName, issuer: config.issuer, ...view }), {
    status: 400,
    formAction: view.service === undefined ? 'self' : 'anywhere',
  });
