/** The person's history, with what operators did to it. */

import { hasReceipt } from '../../flows/account/receipt.ts';
import { detailLines } from '../../oauth/access/details.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import type { HistoryEvent } from '../../oauth/grants/history.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { ShownEvent } from '../../pages/history.ts';
import { readerOf } from '../../pages/permission-words.ts';
import type { Words } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';
import type { ListedEvent } from '../../storage/grant-rows.ts';
import { namesOf } from './shown-authorizations.ts';

const linesShown = 50;

type Events = { readonly events: readonly ListedEvent[]; readonly words: Words };

/**
 * Events as stored, and acts of operators. Those concern many people at once and are written into nobody's partition: what
 * shows them is the instant that they left behind, later than something that the person remembers.
 */
export const shownHistory = async (
  { events, words }: Events,
  { userKey }: Session,
  server: Server,
): Promise<readonly ShownEvent[]> => {
  const acts = await Promise.all([...oldestOfEach(events)].map((oldest) => actOn(oldest, server)));
  const all = [
    ...(await actOnEverything(events, userKey, server)),
    ...acts.flat(),
    ...withoutRepetition(events).map(([event, times]) => ({ ...shown(event, words, server), times })),
  ];
  return all.toSorted((a, b) => b.at - a.at).slice(0, linesShown);
};

/** What a service may cause at any time, without the person: it must not push everything else off the page. */
const routine: readonly HistoryEvent['kind'][] = ['connected again', 'evicted'];

/** Newest first, each with how often it happened until something else did with the same service. */
const withoutRepetition = (events: readonly ListedEvent[]): readonly (readonly [ListedEvent, number])[] => {
  const lines: [ListedEvent, number][] = [];
  const open = new Map<string, Map<HistoryEvent['kind'], [ListedEvent, number]>>();
  for (const event of events) {
    const ofClient = open.get(event.clientId) ?? new Map();
    const earlier = ofClient.get(event.kind);
    if (earlier !== undefined) earlier[1] += 1;
    else {
      const line: [ListedEvent, number] = [event, 1];
      lines.push(line);
      open.set(event.clientId, routine.includes(event.kind) ? ofClient.set(event.kind, line) : new Map());
    }
  }
  return lines;
};

const shown = (event: ListedEvent, words: Words, server: Server): ShownEvent => {
  const { kind, at, clientName, id } = event;
  const receipt = hasReceipt(event) ? { receipt: id } : {};
  return { kind, at, clientName, permissions: aboutOf(event, words, server), ...receipt };
};

/** Details in the language of whoever reads, while their types say the same as when it happened; else as it was written. */
const aboutOf = ({ permissions = [], details }: ListedEvent, words: Words, server: Server): readonly string[] => {
  const written = detailLines(details, server.resources);
  if (!written.every((one) => permissions.includes(one))) return namesOf(permissions, words, server);
  const others = permissions.filter((one) => !written.includes(one));
  return [...detailLines(details, server.resources, readerOf(words)), ...namesOf(others, words, server)];
};

/** Events come newest first. */
const oldestOfEach = (events: readonly HistoryEvent[]): Iterable<HistoryEvent> =>
  new Map(events.map((event) => [event.clientId, event])).values();

const actOn = async ({ at, clientId, clientName }: HistoryEvent, server: Server): Promise<readonly ShownEvent[]> => {
  const { notBefore } = server.store.deployment;
  const { client: instant } = await notBefore.instantsFor({ clientKey: clientKeyOf(clientId) });
  if (instant < at) return [];
  const isRemoved = (await server.clients.resolveForReading(clientId)) === undefined;
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
