/** GET, POST /sign-out: asks, then ends the browser's session. What services were authorized to do goes on. */
import { endSession } from '../../flows/sign-out/end-session.ts';
import { expired } from '../../http/cookies.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { parseSessionCookie } from '../../oauth/authorization/session.ts';
import { signedOutPage, signOutPage } from '../../pages/sign-out.ts';
import type { Server } from '../../server.ts';
import { currentSession, sessionCookieName } from './browser-session.ts';

export const signOut: Story = (request, server) =>
  request.method === 'POST' ? leave(request, server) : ask(request, server);

const ask = async (request: Incoming, server: Server): Promise<Reply> => {
  const session = await currentSession(request, server);
  const site = await siteOf(request, server);
  if (session === undefined) return page(signOutPage(site));
  const account = { name: session.displayName, accountName: session.accountName };
  return page(signOutPage({ ...site, account, formToken: formTokenOf(session) }));
};

/** The form's token proves the cookie, so the row need not be read before it is deleted. */
const leave = async (request: Incoming, server: Server): Promise<Reply> => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const cookie = request.cookie(sessionCookieName(server));
  const parts = cookie === undefined ? undefined : parseSessionCookie(cookie);
  if (parts !== undefined) {
    requireFormToken(form, parts);
    await endSession(parts, server);
  }
  return page(signedOutPage(await siteOf(request, server)), { cookies: [expired(sessionCookieName(server))] });
};
