/**
 * Works off what operators have had ended (`storage/endings.ts`), a page at a time. It may be killed anywhere: a page, which is
 * written down before it is begun, is begun again then, and what has ended has ended, with one event for each. Two processes may be at one page, when one of them is
 * slower than its lease; each authorization ends once, and the slower one finds out when it writes how far it came.
 */
import { isMeantBy } from '../../oauth/grants/ending.ts';
import type { Server } from '../../server.ts';
import type { Ending } from '../../storage/endings.ts';
import { authorizationName, ownerNamed } from './authorization-name.ts';
import { type CandidatePage, candidatesOf } from './ending-candidates.ts';

const pageSize = 50;
const atOnce = 8;

/** Pages without any candidate that one step passes over. */
const pagesPerStep = 32;

/** The host ends what runs for longer than a few minutes; the timer goes on. */
const runMilliseconds = 200_000;

/** The first step: whoever authorized something before the order is in the index after it. */
const caughtUp = 'caught up';

/** The last step: what is pending is all that is left. */
const allFound = 'all found';

/** Works at it unless somebody else does. Throws `Unavailable`; then the timer goes on after a while. */
export const workAt = async (ending: Ending, server: Server): Promise<void> => {
  const endsAt = performance.now() + runMilliseconds;
  let held = await server.store.endings.take(ending);
  while (held?.state === 'running' && performance.now() < endsAt) held = await step(held, server);
  if (held?.state === 'done') server.log({ event: 'ending_done', id: held.id, ended: held.ended });
};

/** The timer's: everything that is running and that nobody works at. Throws `Unavailable`. */
export const workAtAll = async (server: Server): Promise<void> => {
  const { endings } = await server.store.endings.list({ after: undefined, limit: 1_000 });
  // One that cannot be finished must not hold up the others.
  for (const ending of endings.filter(({ state }) => state === 'running'))
    await workAt(ending, server).catch((error: unknown) =>
      server.log({ level: 'warning', event: 'ending_not_finished', id: ending.id, reason: String(error) }),
    );
};

/** Ends what the step before has found, and finds what the next one is to end. */
const step = async (ending: Ending, server: Server): Promise<Ending | undefined> => {
  const { endings } = server.store;
  const { place, pending, examined } = ending;
  if (place === '' && isFoundByIndex(ending)) {
    await server.courier.catchUp();
    return endings.step(ending, { ...ending, place: caughtUp });
  }
  const ended = ending.ended + (await endAll(pending, ending, server));
  if (place === allFound) return endings.finish(ending, { place, pending: [], examined, ended });
  const page = await nextPage(ending, server);
  return endings.step(ending, {
    place: page.next ?? allFound,
    pending: page.candidates.map(({ owner }) => authorizationName(owner)),
    examined: examined + page.examined,
    ended,
  });
};

const isFoundByIndex = ({ rule: { person, clientId } }: Ending): boolean =>
  person === undefined && clientId !== undefined;

/** The next one with anything in it. */
const nextPage = async ({ rule, startedAt: at, place }: Ending, server: Server): Promise<CandidatePage> => {
  let [after, examined]: [string | undefined, number] = [place === '' || place === caughtUp ? undefined : place, 0];
  for (let passed = 1; ; passed++) {
    const page = await candidatesOf({ rule, at, after, limit: pageSize }, server);
    examined += page.examined;
    if (page.candidates.length > 0 || page.next === undefined || passed === pagesPerStep) return { ...page, examined };
    after = page.next;
  }
};

/** How many of them this order has ended, now or before. */
const endAll = async (
  pending: readonly string[],
  { id, rule, startedAt }: Ending,
  { store }: Server,
): Promise<number> => {
  let ended = 0;
  const waiting = pending.values();
  const order = { id, isMeant: (grant: Parameters<typeof isMeantBy>[1]) => isMeantBy(rule, grant, startedAt) };
  const work = async (): Promise<void> => {
    for (const name of waiting) if (await store.grants.endByOrder(ownerNamed(name), order)) ended += 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return ended;
};
