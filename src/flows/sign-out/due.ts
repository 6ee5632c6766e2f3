/** Sign-outs of which somebody has not been told yet, again and again for a day (OpenID Connect Back-Channel Logout §2.5). */
import type { Server } from '../../server.ts';
import type { SignedInClient } from '../../storage/browsers.ts';
import type { SignOut } from '../../storage/sign-outs.ts';
import { erase } from '../account/erase.ts';
import { tellAll } from './tell.ts';

/** Five minutes, then twice as long each time, and never more than four hours. */
const firstPauseSeconds = 300;
const longestPauseSeconds = 14_400;
const patienceSeconds = 86_400;

const atOnce = 8;

/** The host ends what runs for longer than a few minutes. */
const runMilliseconds = 120_000;

type DueReport = { readonly signOuts: number; readonly waiting: number };

/** Tells those whose time has come. May be killed at any point: what is not finished is looked at again. Throws `Unavailable`. */
export const tellDue = async (server: Server): Promise<DueReport> => {
  const due = await server.store.signOuts.due(server.clock());
  let waiting = 0;
  const next = due.values();
  const endsAt = performance.now() + runMilliseconds;
  const work = async (): Promise<void> => {
    for (const signOut of next) {
      if (performance.now() > endsAt || !(await settled(signOut, server))) waiting += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { signOuts: due.length, waiting };
};

/** False when it must be looked at again. */
const settled = async (signOut: SignOut, server: Server): Promise<boolean> => {
  const now = server.clock();
  if (signOut.isErasure) return settledErasure(signOut, server);
  const clients = await untold(signOut, server);
  const failed = clients === undefined ? [] : await tellAll(clients, server);
  const isLate = now >= signOut.at + patienceSeconds;
  // A session that was announced and did not end is ended by the person's next attempt, which announces it again.
  if (failed.length === 0 || isLate) {
    await giveUp(failed, server);
    await server.store.signOuts.finish(signOut);
    return true;
  }
  return postponed(signOut, server);
};

const postponed = async (signOut: SignOut, server: Server): Promise<false> => {
  const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** signOut.attempts);
  await server.store.signOuts.postpone(signOut, server.clock() + pause);
  return false;
};

/** Whoever could not be told by the end of a day is not told any more: then nothing of the person is kept for it. */
const settledErasure = async (signOut: SignOut, server: Server): Promise<boolean> => {
  const isLast = server.clock() >= signOut.at + patienceSeconds;
  if (!(await erase(signOut, server, { isLast })) && !isLast) return postponed(signOut, server);
  await server.store.signOuts.finish(signOut);
  return true;
};

const untold = async (
  { userKey, browserKey, at }: SignOut,
  { store: { browsers } }: Server,
): Promise<readonly SignedInClient[] | undefined> =>
  browserKey === undefined ? browsers.voided(userKey, at) : browsers.untold({ userKey, browserKey });

const giveUp = async (clients: readonly SignedInClient[], server: Server): Promise<void> => {
  for (const client of clients) {
    server.log({ level: 'warning', event: 'logout_not_delivered', client_id: client.clientId });
    await server.store.browsers.told(client);
  }
};
