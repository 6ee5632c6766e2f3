/** A browser's session ends, and with it what clients made of it. */
import { within } from '../../limits/deadline.ts';
import type { SessionCookie } from '../../oauth/authorization/session.ts';
import type { Server } from '../../server.ts';
import type { EndedSession } from '../../storage/browsers.ts';
import { tellAll } from './tell.ts';

/** Nobody waits longer for services that are slow: the timer goes on (`due.ts`). */
const patienceMilliseconds = 2_000;

/** Fine when there is no such session. Throws `Unavailable`: then it may go on. */
export const endSession = async (cookie: SessionCookie, server: Server): Promise<void> => {
  const ended = await server.store.browsers.end(cookie, server.clock());
  if (ended !== undefined) await tellOfEnd([ended], server);
};

/** Tells clients of the end of these sessions, and waits no longer than a person would: the timer goes on. Never throws. */
export const tellOfEnd = async (ended: readonly EndedSession[], server: Server): Promise<void> => {
  const told = async (): Promise<void> => {
    for (const { clients, signOut } of ended) {
      const failed = await tellAll(clients, server);
      if (failed.length === 0) await server.store.signOuts.finish(signOut);
    }
  };
  await within(AbortSignal.timeout(patienceMilliseconds), told).catch(() => undefined);
};
