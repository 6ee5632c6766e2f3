/** GET /sessions, POST /sessions/end, /sessions/end-all: a person's own browser sessions. */
import { endOwnSession, ownSessions, signOutEverywhere } from '../../flows/account/own-sessions.ts';
import { expired } from '../../http/cookies.ts';
import { page, type Reply } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { sessionsPage } from '../../pages/sessions.ts';
import { signedOutPage } from '../../pages/sign-out.ts';
import { sessionIdOf } from '../../storage/session-rows.ts';
import { sessionCookieName } from '../sign-in/browser-session.ts';
import { ownForm, ownPage, type Visit } from './own.ts';

type Notice = 'ended' | 'gone' | 'notAll';

export const sessions = ownPage({ page: 'sessions' }, (visit) => list(visit));

export const endSession = ownForm(async (submission) => {
  const { session, form, server } = submission;
  const id = form.get('session') ?? '';
  const isEnded = await endOwnSession(session.userKey, id, server);
  return id === sessionIdOf(session) ? signedOut(submission) : list(submission, isEnded ? 'ended' : 'gone');
});

export const endAllSessions = ownForm(async (submission) => {
  const isWhole = await signOutEverywhere(submission.session, submission.server);
  return isWhole ? signedOut(submission) : list(submission, 'notAll');
});

const list = async ({ session, request, server }: Visit, notice?: Notice): Promise<Reply> => {
  const site = await siteOf(request, server);
  const { sessions: shown, isComplete } = await ownSessions(session, server);
  const view = {
    ...site,
    now: server.clock(),
    sessions: shown.map(({ sessionId, ...one }) => ({ ...one, id: sessionId })),
    isComplete,
    formToken: formTokenOf(session),
  };
  return page(sessionsPage(notice === undefined ? view : { ...view, notice: site.words.account.sessions[notice] }));
};

const signedOut = async ({ request, server }: Visit): Promise<Reply> =>
  page(signedOutPage(await siteOf(request, server)), { cookies: [expired(sessionCookieName(server))] });
