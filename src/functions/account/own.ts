/** What every page and form of a person's own has: somebody is signed in, and a form was sent from a page of ours. */
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { refusedPage } from '../../http/refused-page.ts';
import type { Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import type { Destination } from '../../identity/transaction.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { clientKeyLength } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/** Somebody who is signed in, and their request. */
export type Visit = { readonly session: Session; readonly request: Incoming; readonly server: Server };

/** The same with the form that they sent. */
export type Submission = Visit & { readonly form: Parameters };

/** A page of a person's own; who is not signed in does that first, and comes to `destination`. */
export const ownPage =
  (destination: Destination, show: (visit: Visit) => Promise<Reply>): Story =>
  async (request, server) => {
    const session = await currentSession(request, server);
    if (session !== undefined) return show({ session, request, server });
    requireWindow(request);
    return beginSignIn(request, server, { destination });
  };

/** A form of such a page. Throws `foreign_form`, `stale_form`. */
export const ownForm =
  (act: (submission: Submission) => Promise<Reply>): Story =>
  async (request, server) => {
    requireSameOrigin(request, server);
    const form = await request.form();
    const session = await currentSession(request, server);
    if (session === undefined) return signedOutMeanwhile(request, server);
    requireFormToken(form, session);
    return act({ session, form, request, server });
  };

/**
 * A page with a link, because a redirect to the provider would be one hop of this form's submission, and browsers hold each
 * hop against the page's `form-action` (CSP 3 §6.4.1): nothing would happen at all.
 */
const signedOutMeanwhile = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals, common }) => ({
    ...refusals.signedOutMeanwhile,
    action: { href: '/sign-in', label: common.signIn },
  }));

/** The authorization that a form or an address names. Throws `invalid_request`. */
export const namedClientKey = (name: string | undefined): Buffer => {
  const clientKey = Buffer.from(name ?? '', 'hex');
  if (clientKey.length !== clientKeyLength || clientKey.toString('hex') !== name?.toLowerCase())
    throw new OAuthError('authorization_not_named', 'the form names no authorization');
  return clientKey;
};
