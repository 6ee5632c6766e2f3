/** What every page of a person's services has: somebody who is signed in, and forms that are ours. */
import type { Owning } from '../../flows/apps/owned.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { RefusedWith } from '../../http/refusal.ts';
import { refusedPage } from '../../http/refused-page.ts';
import type { Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import type { Destination } from '../../identity/transaction.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Reason } from '../../oauth/reasons.ts';
import type { AppsSite } from '../../pages/apps-parts.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/** One visit: who, where, and which service the address names. */
export type Visit = Owning & { readonly request: Incoming; readonly clientId: string };

type Shown = (visit: Visit) => Promise<Reply>;

/** A page: whoever is not signed in does that first. */
export const visited =
  (show: Shown, destination: (request: Incoming) => Destination = () => ({ page: 'apps' })): Story =>
  async (request, server) => {
    const visit = await visitOf(request, server);
    if (visit !== undefined) return inWords(visit, () => show(visit));
    requireWindow(request);
    return beginSignIn(request, server, { destination: destination(request) });
  };

/** A form of such a page, read in its own way. Throws `foreign_form`, `stale_form`. */
export const submittedWith =
  <F extends Parameters>(
    formIn: (request: Incoming) => Promise<F>,
    submit: (visit: Visit, form: F) => Promise<Reply>,
  ): Story =>
  async (request, server) => {
    requireSameOrigin(request, server);
    const form = await formIn(request);
    const visit = await visitOf(request, server);
    if (visit === undefined) return signedOutMeanwhile(request, server);
    requireFormToken(form, visit.session);
    return inWords(visit, () => submit(visit, form));
  };

/** The same for an ordinary one. */
export const submitted = (submit: (visit: Visit, form: Parameters) => Promise<Reply>): Story =>
  submittedWith((request) => request.form(), submit);

/** The page and its form at one address. */
export const pageAndForm =
  (page: Story, form: Story): Story =>
  (request, server) =>
    (request.method === 'POST' ? form : page)(request, server);

const visitOf = async (request: Incoming, server: Server): Promise<Visit | undefined> => {
  const session = await currentSession(request, server);
  return session && { session, server, request, clientId: request.segment('client_id') ?? '' };
};

/** See `account/authorizations.ts`: a redirect to the provider would be held against the page's `form-action`. */
const signedOutMeanwhile = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals, common }) => ({
    ...refusals.signedOutMeanwhile,
    action: { href: '/apps', label: common.signIn },
  }));

/** What owners do is refused in words about what they did, with the way back to the service. */
const inWords = async (visit: Visit, work: () => Promise<Reply>): Promise<Reply> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const { words } = await siteOf(visit.request, visit.server);
    const said: Readonly<Partial<Record<Reason, Refusal>>> = words.apps.refusals;
    const refusal = said[error.reason];
    if (refusal === undefined) throw error;
    const href: `/${string}` = visit.clientId === '' ? '/apps' : `/apps/${encodeURIComponent(visit.clientId)}`;
    const action = { href, label: words.apps.back };
    throw new RefusedWith(await refusedPage(visit.request, visit.server, () => ({ ...refusal, action })), error);
  }
};

type Refusal = { readonly title: string; readonly message: string };

/** What every page of these begins with. */
export const appsSite = async ({ request, server, session }: Visit): Promise<AppsSite> => ({
  ...(await siteOf(request, server)),
  formToken: formTokenOf(session),
  account: { name: session.displayName, accountName: session.accountName },
  now: server.clock(),
});
