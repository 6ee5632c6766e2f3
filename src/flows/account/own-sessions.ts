/** A person ends sessions of their own browsers: one, or all of them. */
import type { Session } from '../../oauth/authorization/session.ts';
import type { Server } from '../../server.ts';
import type { EndedSession } from '../../storage/browsers.ts';
import type { OwnSession } from '../../storage/own-sessions.ts';
import { sessionIdOf } from '../../storage/session-rows.ts';
import { tellOfEnd } from '../sign-out/end-session.ts';

const atOnce = 8;

/** Longer than that nobody waits; what is left the person ends by asking once more. */
const patienceMilliseconds = 15_000;

/** The person's live sessions, the last used first; `isOwn` is the one that asks. Throws `Unavailable`. */
export const ownSessions = async (session: Session, server: Server) => {
  const { sessions, isComplete } = await server.store.sessions.ofPerson(session.userKey, server.clock());
  const own = sessionIdOf(session);
  const seen = sessions.map((one) => ({ ...one, seenAt: seenAt(one, server), isOwn: one.sessionId === own }));
  return { sessions: seen.toSorted((a, b) => b.seenAt - a.seenAt), isComplete };
};

/** As exact as idle times are moved: by the eighth of one. */
const seenAt = ({ createdAt, usedAt, idleExpiresAt }: OwnSession, { config }: Server): number =>
  Math.max(createdAt, usedAt ?? 0, idleExpiresAt - config.lifetimes.sessionIdleSeconds);

/** Ends one session by its name. False if there is none of this name. Throws `Unavailable`: then it may go on. */
export const endOwnSession = async (userKey: Buffer, sessionId: string, server: Server): Promise<boolean> => {
  const session = await server.store.sessions.named({ userKey, sessionId, now: server.clock() });
  if (session === undefined) return false;
  const ended = await server.store.browsers.endNamed(session, server.clock());
  if (ended !== undefined) await tellOfEnd([ended], server);
  return true;
};

/**
 * Ends every session of the person, the one that asks last: whatever fails before, the person can ask again. False if there
 * were too many for the time of one request. Throws `Unavailable`.
 */
export const signOutEverywhere = async (session: Session, server: Server): Promise<boolean> => {
  const { sessions, isComplete } = await ownSessions(session, server);
  const others = sessions.filter(({ isOwn }) => !isOwn);
  const ended = await endAll(others, server);
  if (!isComplete || ended === undefined) return false;
  const own = await server.store.browsers.end(session, server.clock());
  await tellOfEnd([...ended, ...(own === undefined ? [] : [own])], server);
  return true;
};

/** What has ended and somebody must hear of; undefined when the time was over before all had. */
const endAll = async (
  sessions: readonly OwnSession[],
  server: Server,
): Promise<readonly EndedSession[] | undefined> => {
  const [waiting, endsAt] = [sessions.values(), performance.now() + patienceMilliseconds];
  const ended: EndedSession[] = [];
  let isLate = false;
  const work = async (): Promise<void> => {
    for (const one of waiting) {
      isLate ||= performance.now() > endsAt;
      if (isLate) return;
      const told = await server.store.browsers.endNamed(one, server.clock());
      if (told !== undefined) ended.push(told);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return isLate ? undefined : ended;
};
