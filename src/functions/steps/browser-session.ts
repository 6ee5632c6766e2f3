/** Steps of the pages: which person is at this browser, and does this form come from our own page? */
import { cookieName } from '../../http/cookies.ts';
import type { Incoming } from '../../http/request.ts';
import { isFormToken } from '../../oauth/approval.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { isVoidForPerson } from '../../oauth/not-before.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Session } from '../../oauth/session.ts';
import type { Server } from '../../server.ts';
import { placeOf } from './place.ts';

export const sessionCookieName = (server: Server): string => cookieName('session', server.config.insecureLoopback);

/** The browser's session, if it is alive. Changes nothing. */
export const liveSession = async (request: Incoming, server: Server): Promise<Session | undefined> => {
  const cookie = request.cookie(sessionCookieName(server));
  if (cookie === undefined) return undefined;
  const session = await server.store.sessions.read(cookie);
  const now = server.clock();
  if (session === undefined || now >= session.idleExpiresAt || now >= session.absoluteExpiresAt) return undefined;
  const instants = await server.store.deployment.notBefore.instantsFor({ userKey: session.userKey });
  return isVoidForPerson(session.createdAt, instants) ? undefined : session;
};

/**
 * The browser's session, if it is alive. Its idle time starts anew where a person is looking, written at most once per
 * eighth of it.
 */
export const currentSession = async (request: Incoming, server: Server): Promise<Session | undefined> => {
  const session = await liveSession(request, server);
  if (session === undefined || placeOf(request) !== 'window') return session;
  const now = server.clock();
  const { sessionIdleSeconds } = server.config.lifetimes;
  const idleExpiresAt = Math.min(session.absoluteExpiresAt, now + sessionIdleSeconds);
  if (idleExpiresAt - session.idleExpiresAt > sessionIdleSeconds / 8)
    await server.store.sessions.prolong(session, idleExpiresAt);
  return session;
};

/**
 * A submission must come from our own page. Browsers say where a request comes from; the ones that do not are caught by
 * the form's token. Throws `foreign_form`.
 */
export const requireSameOrigin = (request: Incoming, server: Server): void => {
  const site = request.header('sec-fetch-site');
  const origin = request.header('origin');
  if ((site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== server.config.issuer))
    throw new OAuthError('form_foreign', 'the form was not sent from our own page');
};

/** Throws `stale_form` unless the form carries its session's token. */
export const requireFormToken = (form: Parameters, session: Pick<Session, 'formSecret'>): void => {
  if (!isFormToken(form.get('token'), session)) throw new OAuthError('form_stale', 'the form is too old');
};
