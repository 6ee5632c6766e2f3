/**
 * The courier carries events onward after the answer: from the partition of the person whom they concern, where the change
 * wrote them, to everybody in `consumers`. Many events are one transaction there, and no request waits for it.
 *
 * A process that dies, or that has more to carry than it keeps in memory, leaves events where they are, marked; the timer
 * finds them (`heal`). So each is delivered at least once, and every consumer must take it twice.
 */
import { AsyncResource } from 'node:async_hooks';
import { auditEventOf, logLineOf, type StoredEvent } from '../../oauth/audit/event.ts';
import type { Clock } from '../../oauth/crypto.ts';
import { Unavailable } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import type { Store } from '../../storage/store.ts';
import { auditConsumer } from './deliver.ts';

/** Takes events that it may have had before. Rejects when it must be given them again. */
export type Consumer = (events: readonly StoredEvent[]) => Promise<void>;

export type Courier = {
  /** Delivers what is at hand; resolves when that is done, or a consumer failed. Never rejects. */
  drain(): Promise<void>;
  /** Delivers what other processes have left, of the next slices of the key space. Throws `Unavailable`. */
  heal(): Promise<void>;
  /** Delivers all that waits of one person, whoever else may be about to. Throws `Unavailable`. */
  deliverOf(userKey: Buffer): Promise<void>;
  /** Delivers whatever has happened up to now, wherever it waits: 256 calls. Throws `Unavailable`. */
  catchUp(): Promise<void>;
};

type Surroundings = { readonly clock: Clock; readonly log: Server['log']; readonly consumers?: readonly Consumer[] };

/** Events wait so long for others that may go with them. */
const gatherMilliseconds = 1_000;
const eventsPerRound = 1_000;
/** Beyond that they stay where they are until the timer comes. */
const queueLimit = 10_000;
const longestPauseMilliseconds = 60_000;

/** Younger events are on their way in the process that stored them. */
const healSeconds = 120;

/** Nothing is sent before the first event. */
export const createCourier = (store: Store, { clock, log, consumers = [] }: Surroundings): Courier => {
  const all: readonly Consumer[] = [auditConsumer(store.audit, clock), ...consumers];
  const deliverAll = async (events: readonly StoredEvent[]): Promise<void> => {
    for (const consume of all) await consume(events);
    await store.outbox.confirm(events);
  };
  /** One event that breaks whatever takes it must not hold up the others. */
  const deliver = (events: readonly StoredEvent[]): Promise<void> =>
    deliverAll(events).catch(async (error: unknown) => {
      if (error instanceof Unavailable) throw error;
      if (events.length > 1) for (const event of events) await deliver([event]);
      else log({ level: 'error', event: 'event_not_deliverable', id: events[0]?.id, reason: String(error) });
    });
  const queue = createQueue(deliver, (line) => log(line));
  store.outbox.listen((events) => {
    for (const event of events) log(logLineOf(auditEventOf(event)));
    queue.add(events);
  });
  return {
    drain: queue.drain,
    heal: async () => {
      const { events, uncounted, advance } = await store.outbox.waiting(clock() - healSeconds);
      await store.tokenCounts.tell(uncounted);
      if (events.length > 0) {
        for (const event of events) log({ ...logLineOf(auditEventOf(event)), again: true });
        await deliver(events);
        log({ event: 'events_healed', count: events.length });
      }
      await advance(clock());
    },
    deliverOf: async (userKey) => deliver(await store.outbox.waitingOf(userKey)),
    catchUp: async () => {
      for await (const events of store.outbox.allWaiting(clock())) if (events.length > 0) await deliver(events);
    },
  };
};

type Queue = { add(events: readonly StoredEvent[]): void; drain(): Promise<void> };

const createQueue = (deliver: (events: readonly StoredEvent[]) => Promise<void>, log: Server['log']): Queue => {
  let waiting: StoredEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let failures = 0;

  const round = async (): Promise<void> => {
    const events = waiting.slice(0, eventsPerRound);
    try {
      await deliver(events);
      failures = 0;
      // What came meanwhile lies behind.
      waiting = waiting.slice(events.length);
    } catch (error) {
      failures += 1;
      log({ level: 'warning', event: 'events_not_delivered', waiting: waiting.length, reason: String(error) });
    }
  };

  const drain = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    await working;
    failures = 0;
    while (waiting.length > 0 && failures === 0) {
      working = round();
      await working;
    }
    working = undefined;
  };

  /** Outside of any invocation: its log is closed when it has answered, and its trace is not of what others did. */
  const schedule = new AsyncResource('courier').bind((): void => {
    const pause = Math.min(longestPauseMilliseconds, gatherMilliseconds * 2 ** failures);
    timer = setTimeout(run, pause);
    timer.unref();
  });

  const run = (): void => {
    working = round().finally(() => {
      working = undefined;
      timer = undefined;
      if (waiting.length > 0) schedule();
    });
  };

  return {
    drain,
    add: (events) => {
      const room = queueLimit - waiting.length;
      if (room < events.length) log({ level: 'warning', event: 'events_left_to_timer', count: events.length - room });
      waiting.push(...events.slice(0, Math.max(0, room)));
      if (timer === undefined) schedule();
    },
  };
};
