/** Which person is at this browser? */
import { cookieName } from '../../http/cookies.ts';
import { placeOf } from '../../http/place.ts';
import type { Incoming } from '../../http/request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { isVoidForPerson } from '../../oauth/grants/not-before.ts';
import type { Server } from '../../server.ts';

export const sessionCookieName = (server: Server): string => cookieName('session', server.config.insecureLoopback);

/** The browser's session, if it is alive. Changes nothing. */
export const liveSession = async (request: Incoming, server: Server): Promise<Session | undefined> => {
  const cookie = request.cookie(sessionCookieName(server));
  if (cookie === undefined) return undefined;
  return ifAlive(await server.store.sessions.read(cookie), server);
};

/** As it was when this instance made the page of this token: good for what is stored only while it still is so (`Decision.isCopy`). */
export const copiedSession = async (
  request: Incoming,
  token: string | undefined,
  server: Server,
): Promise<Session | undefined> => {
  const cookie = request.cookie(sessionCookieName(server));
  if (cookie === undefined || token === undefined) return undefined;
  return ifAlive(server.store.sessions.takeCopy(cookie, token), server);
};

const ifAlive = async (session: Session | undefined, server: Server): Promise<Session | undefined> => {
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
  return idleExpiresAt - session.idleExpiresAt > sessionIdleSeconds / 8
    ? server.store.sessions.prolong(session, idleExpiresAt)
    : session;
};
