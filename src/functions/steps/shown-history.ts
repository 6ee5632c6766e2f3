/** Step: the person's history, with what operators did to it. */
import type { HistoryEvent } from '../../oauth/history.ts';
import { clientKeyOf } from '../../oauth/locator.ts';
import type { Session } from '../../oauth/session.ts';
import { findPermission } from '../../oauth/target.ts';
import type { ShownEvent } from '../../pages/history.ts';
import type { Server } from '../../server.ts';

type Events = { readonly events: readonly HistoryEvent[] };

/**
 * Events as stored, and acts of operators. Those concern many people at once and are written into nobody's partition: what
 * shows them is the instant that they left behind, later than something that the person remembers.
 */
export const shownHistory = async (
  { events }: Events,
  { userKey }: Session,
  server: Server,
): Promise<readonly ShownEvent[]> => {
  const acts = await Promise.all([...oldestOfEach(events)].map((oldest) => actOn(oldest, server)));
  const all = [
    ...(await actOnEverything(events, userKey, server)),
    ...acts.flat(),
    ...events.map((event) => shown(event, server)),
  ];
  return all.toSorted((a, b) => b.at - a.at);
};

const shown = ({ kind, at, clientName, permissions = [] }: HistoryEvent, server: Server): ShownEvent => {
  const names = permissions.map((one) => findPermission(one, server.resources)?.permission.name ?? one);
  return { kind, at, clientName, permissions: [...new Set(names)] };
};

/** Events come newest first. */
const oldestOfEach = (events: readonly HistoryEvent[]): Iterable<HistoryEvent> =>
  new Map(events.map((event) => [event.clientId, event])).values();

const actOn = async ({ at, clientId, clientName }: HistoryEvent, server: Server): Promise<readonly ShownEvent[]> => {
  const { notBefore } = server.store.deployment;
  const { client: instant } = await notBefore.instantsFor({ clientKey: clientKeyOf(clientId) });
  if (instant < at) return [];
  const isRemoved = (await server.store.clients.find(clientId)) === undefined;
  const kind = isRemoved ? 'removed by operator' : 'voided by operator';
  return [{ kind, at: instant, clientName, permissions: [] }];
};

const actOnEverything = async (
  events: readonly HistoryEvent[],
  userKey: Buffer,
  server: Server,
): Promise<readonly ShownEvent[]> => {
  const { everyone, person } = await server.store.deployment.notBefore.instantsFor({ userKey });
  const instant = Math.max(everyone, person);
  const isRemembered = events.some(({ at }) => at <= instant);
  return isRemembered ? [{ kind: 'everything voided by operator', at: instant, permissions: [] }] : [];
};
