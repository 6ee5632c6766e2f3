/**
 * Everything that is stored about a person goes. It may be killed anywhere: first it is written down where the timer of
 * sign-outs finds it, which does the same again until nothing is left.
 *
 * Sessions go first, because whatever adds something to a person proves in its own batch that its session is there. Then every
 * authorization ends, as if it had been revoked: refreshes lose, and resource servers hear of it. Only then rows are deleted.
 */
import { within } from '../../limits/deadline.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import type { Server } from '../../server.ts';
import type { AnyRow } from '../../storage/person-rows.ts';
import { leaveServices } from '../apps/owners.ts';
import { tellAll } from '../sign-out/tell.ts';

/** Whose, and since when (epoch seconds). */
type Erasure = { readonly userKey: Buffer; readonly at: number };

/** What began before `until` (epoch seconds) goes. */
type Work = { readonly userKey: Buffer; readonly until: number };

/** Longer than that nobody waits: the timer goes on. */
const patienceMilliseconds = 20_000;

const rowsAtOnce = 1_000;
const sessionsAtOnce = 8;

/** False if something is left for the timer to do. Throws `Unavailable`: then perhaps nothing was done, and it can be asked for again. */
export const eraseMe = async ({ userKey }: Session, at: number, server: Server): Promise<boolean> => {
  const id = userKey.toString('hex');
  await server.store.audit.record({ actor: { by: 'person', id }, action: 'erase person', target: id, person: userKey });
  // It stays for the timer in any case: a request that was under way may have written something more.
  await server.store.signOuts.announce({ userKey, at, isErasure: true });
  const work = () => erase({ userKey, at }, server, { isLast: false });
  return within(AbortSignal.timeout(patienceMilliseconds), work).catch((error: unknown) => {
    server.log({ event: 'erasure_goes_on', reason: String(error) });
    return false;
  });
};

/** True when nothing is left. `isLast` leaves nothing, whoever has not been told. Throws `Unavailable`. */
export const erase = async (
  erasure: Erasure,
  server: Server,
  { isLast }: { readonly isLast: boolean },
): Promise<boolean> => {
  const { userKey } = erasure;
  const { grants, browsers } = server.store;
  const work = { userKey, until: await endOf(erasure, server) };
  const { until } = work;
  await endSessions(work, server);
  await grants.revokeAll(userKey, ({ consentAt, sessionAt }) => Math.min(consentAt, sessionAt) < until);
  await leaveServices(work, server);
  await server.store.operatorRequests.leaveQueue(userKey, until);
  const untold = await tellAll(await browsers.voided(userKey, until - 1), server);
  await server.courier.deliverOf(userKey);
  // Whoever came back keeps a profile, and stays in the directory.
  if (until === Number.POSITIVE_INFINITY) await server.store.people.forget(userKey);
  const staying = await deleteRows(work, server, isLast ? () => false : mustStay);
  return untold.length + staying === 0;
};

/** Whoever signs in again begins anew, and keeps what they do from then on. */
const endOf = async ({ userKey, at }: Erasure, { store }: Server): Promise<number> =>
  (await store.sessions.returnedAfter(userKey, at)) ?? Number.POSITIVE_INFINITY;

/** Whom to tell of their end is in rows that stay until they have been told. */
const endSessions = async ({ userKey, until }: Work, server: Server): Promise<void> => {
  const { sessions, browsers } = server.store;
  for (;;) {
    const found = await sessions.ofPerson(userKey, server.clock());
    const old = found.sessions.filter(({ createdAt }) => createdAt < until);
    const waiting = old.values();
    const work = async (): Promise<void> => {
      for (const one of waiting) await browsers.endNamed(one, server.clock());
    };
    await Promise.all(Array.from({ length: sessionsAtOnce }, work));
    if (found.isComplete || old.length === 0) return;
  }
};

/** How many had to stay. */
const deleteRows = async (
  { userKey, until }: Work,
  { store }: Server,
  stays: (row: AnyRow) => boolean,
): Promise<number> => {
  let [staying, after]: [number, string | undefined] = [0, undefined];
  do {
    const page: Awaited<ReturnType<typeof store.personRows.read>> = await store.personRows.read(userKey, {
      after,
      limit: rowsAtOnce,
    });
    const old = page.rows.filter((row) => beganAt(row) < until);
    const gone = old.filter((row) => !stays(row));
    staying += old.length - gone.length;
    await store.personRows.remove(gone);
    after = page.next;
  } while (after !== undefined);
  return staying;
};

/** Of services that must hear of a sign-out, and of events that have not been delivered. */
const mustStay = ({ rowKey, pending }: AnyRow): boolean => pending === true || /^browser:[^:]+:/.test(rowKey);

/** When what the row rests on began, in epoch seconds: by its own word, else by the store's. */
const beganAt = (row: AnyRow): number => {
  const own = [row.consentAt, row.sessionAt, row.createdAt, row.lastSignInAt, row.endedAt, row.askedAt, row.at];
  const instants = own.filter((one) => typeof one === 'number');
  return instants.length === 0 ? Math.floor(Date.parse(row.timestamp) / 1000) : Math.min(...instants);
};
