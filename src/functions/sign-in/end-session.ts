/** GET, POST /end-session (OpenID Connect RP-Initiated Logout §2): a service wants the person signed out, and where they go on. */
import { endSession } from '../../flows/sign-out/end-session.ts';
import {
  type LogoutRequest,
  logoutParameters,
  logoutRequest,
  namesSession,
} from '../../flows/sign-out/logout-request.ts';
import { endSessionUrl, isTooLong, tooLong } from '../../http/authorize-url.ts';
import { expired } from '../../http/cookies.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { RefusedWith } from '../../http/refusal.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { page, type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { parseSessionCookie, type Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { signedOutPage, signOutPage } from '../../pages/sign-out.ts';
import type { Server } from '../../server.ts';
import { currentSession, sessionCookieName } from './browser-session.ts';

export const endSessionEndpoint: Story = async (request, server) => {
  if (request.method !== 'POST') return begin(request, server);
  const form = await request.form();
  return form.get('decision') === undefined ? repeatAsGet(form, server) : leave(request, form, server);
};

const begin = async (request: Incoming, server: Server): Promise<Reply> => {
  requireWindow(request);
  const parameters = parseParameters(request.query);
  request.uiLocales = parameters.get('ui_locales');
  const asked = await understood(parameters, request, server);
  const session = await currentSession(request, server);
  if (session !== undefined && !(await namesSession(asked, session, server)))
    return ask(asked, { session, request }, server);
  if (session !== undefined) await endSession(session, server);
  return left(asked, request, server);
};

/** Browsers keep our cookie out of another site's POST: without it we would not know whom to sign out. */
const repeatAsGet = async (form: Parameters, server: Server): Promise<Reply> => {
  const location = endSessionUrl(form.readable().filter(([name]) => logoutParameters.includes(name)));
  if (isTooLong(location, server)) throw tooLong();
  return redirect(location);
};

type Asked = { readonly session: Session; readonly request: Incoming };

const ask = async (
  { client, parameters }: LogoutRequest,
  { session, request }: Asked,
  server: Server,
): Promise<Reply> => {
  const site = await siteOf(request, server);
  const account = { name: session.displayName, accountName: session.accountName };
  const service = { name: client?.name, hidden: parameters };
  // Its answer leads on to the service.
  const formAction = 'anywhere';
  return page(signOutPage({ ...site, account, formToken: formTokenOf(session), service }), { formAction });
};

const leave = async (request: Incoming, form: Parameters, server: Server): Promise<Reply> => {
  requireSameOrigin(request, server);
  const cookie = request.cookie(sessionCookieName(server));
  const parts = cookie === undefined ? undefined : parseSessionCookie(cookie);
  if (parts !== undefined) requireFormToken(form, parts);
  request.uiLocales = form.get('ui_locales');
  const asked = await understood(form, request, server);
  if (parts !== undefined) await endSession(parts, server);
  return left(asked, request, server);
};

const left = async ({ returnTo }: LogoutRequest, request: Incoming, server: Server): Promise<Reply> => {
  const cookies = [expired(sessionCookieName(server))];
  if (returnTo !== undefined) return redirect(returnTo, cookies);
  return page(signedOutPage(await siteOf(request, server)), { cookies });
};

/** Whatever is wrong with the request, the person may still want to sign out. */
const understood = async (parameters: Parameters, request: Incoming, server: Server): Promise<LogoutRequest> => {
  try {
    const asked = await logoutRequest(parameters, server);
    request.clientId = asked.client?.clientId;
    return asked;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new RefusedWith(
      await refusedPage(request, server, ({ refusals, common }) => ({
        ...refusals.nobodySignedOut,
        action: { href: '/sign-out', label: common.signOut },
      })),
      error,
    );
  }
};
