/**
 * GET /authorizations: what this person authorized, what each may do, when it last did it.
 * POST /authorizations/revoke, /authorizations/revoke-all: take it back, at once.
 */
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { page, type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { clientKeyLength } from '../../oauth/tokens/locator.ts';
import { authorizationsPage } from '../../pages/authorizations.ts';
import { span } from '../../pages/dates.ts';
import type { Language } from '../../pages/words/languages.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { shownAuthorizations } from './shown-authorizations.ts';
import { shownHistory } from './shown-history.ts';

export const authorizations: Story = async (request, server) => {
  const session = await currentSession(request, server);
  if (session === undefined) {
    requireWindow(request);
    return beginSignIn(request, server, { destination: { page: 'authorizations' } });
  }
  return list(session, request, server);
};

export const revokeAuthorization: Story = async (request, server) => {
  const submission = await submitted(request, server);
  if (submission === undefined) return signedOutMeanwhile(request, server);
  const clientKey = Buffer.from(submission.form.get('authorization') ?? '', 'hex');
  if (clientKey.length !== clientKeyLength)
    throw new OAuthError('authorization_not_named', 'the form names no authorization');
  await server.store.grants.revoke(submission.session.userKey, clientKey);
  return redirect(`/authorizations?revoked=${clientKey.toString('hex')}`);
};

export const revokeAllAuthorizations: Story = async (request, server) => {
  const submission = await submitted(request, server);
  if (submission === undefined) return signedOutMeanwhile(request, server);
  const { userKey } = submission.session;
  await server.store.grants.revokeAll(userKey);
  return redirect('/authorizations?revoked=all');
};

/** The form, if the browser is still signed in; undefined if it is not. Throws `foreign_form`, `stale_form`. */
const submitted = async (
  request: Incoming,
  server: Server,
): Promise<{ readonly session: Session; readonly form: Parameters } | undefined> => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const session = await currentSession(request, server);
  if (session === undefined) return undefined;
  requireFormToken(form, session);
  return { session, form };
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

const list = async (session: Session, request: Incoming, server: Server): Promise<Reply> => {
  const site = await siteOf(request, server);
  const overview = await server.store.grants.overview(session.userKey);
  const notice = noticeOf(
    parseParameters(request.query).get('revoked'),
    { all: overview.authorizations, language: site.words.language },
    server,
  );
  const view = authorizationsPage({
    ...site,
    account: { name: session.displayName, accountName: session.accountName },
    now: server.clock(),
    authorizations: await shownAuthorizations(overview, session, server),
    events: await shownHistory(overview, session, server),
    formToken: formTokenOf(session),
    ...(notice === undefined ? {} : { notice }),
  });
  return page(view);
};

/** What has been revoked, and honestly from when: a resource server that does not ask us trusts a token until it expires. */
const noticeOf = (
  revoked: string | undefined,
  { all, language }: { readonly all: readonly Authorization[]; readonly language: Language },
  server: Server,
): string | undefined => {
  const named = revoked === 'all' ? all : all.filter(({ clientKey }) => clientKey.toString('hex') === revoked);
  const [first] = named;
  // Any page can link here with any word: only what is so is said.
  if (first === undefined || named.some(({ grant }) => !grant.revoked)) return undefined;
  const who = revoked === 'all' ? 'Every service' : first.grant.clientName;
  const latest = span(server.config.lifetimes.accessTokenSeconds, language);
  return `${who} has lost its access and cannot renew it. A key that it still holds stops opening anything within ${latest} at the latest.`;
};
