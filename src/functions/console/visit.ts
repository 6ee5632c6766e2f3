/** What every page of the console has: an operator or an auditor who is signed in, and forms that are ours. */
import type { Acting } from '../../flows/operators/acting.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteIn } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import type { Role, Session } from '../../oauth/authorization/session.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Reason } from '../../oauth/reasons.ts';
import type { ConsoleSite } from '../../pages/console/frame.ts';
import { notForYouPage } from '../../pages/console/not-for-you.ts';
import { nothingToShowPage } from '../../pages/console/nothing-to-show.ts';
import type { Html } from '../../pages/html.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { addressOfPlace, placeAsked, placeOfForm } from '../sign-in/console-place.ts';

/** One visit: who, by which session, and from where. */
export type Visit = Acting & {
  readonly session: Session;
  readonly request: Incoming;
  /** Names the showing of the form that was sent: sent again, it makes nothing more. */
  readonly once?: string | undefined;
};

/** A form that was refused: what was typed, and why, in words for operators. */
export type Refused = { readonly form: Parameters; readonly problem: string; readonly reason: Reason };

/** A page of something that goes on: it is asked for again. */
type Refreshing = { readonly html: Html; readonly refreshSeconds: number };

type Show = (visit: Visit, refused: Refused | undefined) => Promise<Html | Refreshing>;
type Submit = (visit: Visit, form: Parameters) => Promise<Reply>;

/** A role is the provider's word at sign-in: who administers signs in again so that a role that was withdrawn ends. */
const roleSeconds = 8 * 3_600;

/** A page, and what its form does if it has one. A refusal is shown on the page again, with what was typed. */
export const consolePage =
  (show: Show, submit?: Submit): Story =>
  (request, server) =>
    request.method === 'POST' && submit !== undefined
      ? submitted({ show, submit }, request, server)
      : visited((visit) => shown(show, visit), request, server);

/** What the console gives that is not a page. */
export const consoleReply =
  (reply: (visit: Visit) => Promise<Reply>): Story =>
  (request, server) =>
    visited(reply, request, server);

const visited = async (reply: (visit: Visit) => Promise<Reply>, request: Incoming, server: Server): Promise<Reply> => {
  const session = await presentSession(request, server);
  if (session === undefined) {
    requireWindow(request);
    return beginSignIn(request, server, { destination: placeAsked(request) });
  }
  const { role } = session;
  if (role === undefined) return page(notForYouPage(await consoleSite({ server, session })), { status: 403 });
  return reply(visitOf({ request, server, session, role }));
};

type Refusal = Refused & { readonly status: number };

/** What there is not, or not under this name, gets a page that says so. */
const shown = async (show: Show, visit: Visit, refusal?: Refusal): Promise<Reply> => {
  try {
    const made = await show(visit, refusal);
    const { html, refreshSeconds } = 'html' in made ? made : { html: made, refreshSeconds: undefined };
    return page(html, { status: refusal?.status ?? 200, refreshSeconds });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    visit.server.log({ event: 'console_refused', reason: error.reason });
    const why = { why: error.description, problem: refusal?.problem };
    const status = refusal?.status ?? error.status;
    return page(nothingToShowPage({ ...(await consoleSite(visit)), ...why }), { status });
  }
};

type Form = { readonly show: Show; readonly submit: Submit };

const submitted = async ({ show, submit }: Form, request: Incoming, server: Server): Promise<Reply> => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const session = await presentSession(request, server);
  if (session === undefined) return signedOutMeanwhile(request, server);
  requireFormToken(form, session);
  const { role } = session;
  if (role === undefined) return page(notForYouPage(await consoleSite({ server, session })), { status: 403 });
  const visit = { ...visitOf({ request, server, session, role }), once: form.get('once') };
  try {
    return await submit(visit, form);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    server.log({ event: 'console_refused', reason: error.reason });
    const status = error.reason === 'role_missing' ? 403 : 400;
    return shown(show, visit, { form, problem: error.description, reason: error.reason, status });
  }
};

const presentSession = async (request: Incoming, server: Server): Promise<Session | undefined> => {
  const session = await currentSession(request, server);
  return session !== undefined && server.clock() < session.startedAt + roleSeconds ? session : undefined;
};

type Visiting = {
  readonly request: Incoming;
  readonly server: Server;
  readonly session: Session;
  readonly role: Role;
};

const visitOf = ({ request, server, session, role }: Visiting): Visit => ({
  request,
  server,
  session,
  source: request.source,
  correlationId: request.invocation,
  random: server.random,
  principal: {
    role,
    by: 'person',
    id: session.person?.subject ?? session.userKey.toString('hex'),
    name: session.displayName,
  },
});

/** See `account/authorizations.ts`: a redirect to the provider would be held against the page's `form-action`. */
const signedOutMeanwhile = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals, common }) => ({
    ...refusals.signedOutMeanwhile,
    action: { href: addressOfPlace(placeOfForm(request, server)), label: common.signIn },
  }));

/** What every page of the console begins with: English, who reads it, and where they are. */
export const consoleSite = async ({ server, session }: Pick<Visit, 'server' | 'session'>): Promise<ConsoleSite> => ({
  ...(await siteIn('en', server)),
  formToken: formTokenOf(session),
  once: base64url(server.random(16)),
  account: { name: session.displayName, accountName: session.accountName },
  role: session.role ?? 'auditor',
  now: server.clock(),
});
