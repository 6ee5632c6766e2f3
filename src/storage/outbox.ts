/**
 * The outbox: events are written in the batch of the change that they tell of, in the person's partition (`user-rows.ts`), and
 * are waiting there until they have been delivered onward (`flows/audit/courier.ts`). So nothing is told that did not
 * happen, and nothing that happened is lost, whenever a process dies.
 *
 * The table that is returned is the one that everything of people goes through: it writes down where a change came from
 * beside each event, and says what has been stored. Who stores an event need not know any of that.
 */
import type { Occasion, StoredEvent } from '../oauth/audit/event.ts';
import type { Change } from './change.ts';
import { sliceName, slices } from './slices.ts';
import type { Page, Row, Table } from './table.ts';
import type { CountColumns } from './token-counts.ts';
import {
  afterPrefix,
  type EventColumns,
  eventPrefixes,
  isEventKey,
  partitionOf,
  storedEventFrom,
} from './user-rows.ts';

export type Outbox = {
  /** Who is told of each event as soon as it is stored. There is one: the courier. */
  listen(listener: (events: readonly StoredEvent[]) => void): void;
  /** They need not be delivered again. Throws nothing: what cannot be marked comes again. */
  confirm(events: readonly StoredEvent[]): Promise<void>;
  /**
   * Events from before `before` that nobody has delivered, of the next slices of the key space, and how to go on behind
   * them once they are. Throws `Unavailable`.
   */
  waiting(before: number): Promise<Waiting>;
  /** All of one person's that nobody has delivered. Throws `Unavailable`. */
  waitingOf(userKey: Buffer): Promise<readonly StoredEvent[]>;
  /** The same of everybody, a page at a time: at least a call for each of 256 slices. Throws `Unavailable`. */
  allWaiting(before: number): AsyncIterable<readonly StoredEvent[]>;
};

type Waiting = {
  readonly events: readonly StoredEvent[];
  /** Rows of families with tokens of which no event tells yet, though it is time. */
  readonly uncounted: readonly Row<CountColumns>[];
  /** `at` (epoch seconds) is when that was: whoever looks sees that the timer gets through. */
  readonly advance: (at: number) => Promise<void>;
};

export type OutboxOptions = {
  readonly deployment: Table;
  readonly occasion: () => Occasion;
  /** How long events are kept. */
  readonly keptSeconds: number;
};

/** A pass takes five hours and a half, at a run in five minutes. */
const slicesAtOnce = 4;
const pageSize = 1_000;
const rowsPerWrite = 100;
const atOnce = 8;

type EventRow = Row<EventColumns>;

type WaitingRows = { readonly events: StoredEvent[]; readonly uncounted: Row<CountColumns>[] };

export const openOutbox = (
  users: Table,
  options: OutboxOptions,
): { readonly table: Table; readonly outbox: Outbox } => {
  let tell: (events: readonly StoredEvent[]) => void = () => undefined;
  const write: Table['write'] = async (changes) => {
    const events = changes.filter(isEvent);
    if (events.length === 0) return users.write(changes);
    const stamped = changes.map((change) => (isEvent(change) ? stamp(change, options) : change));
    const outcome = await users.write(stamped);
    if (outcome.kind === 'done')
      tell(stamped.filter(isEvent).map(({ insert }) => storedEventFrom(insert as unknown as EventRow)));
    return outcome;
  };
  return {
    table: { ...users, write },
    outbox: {
      listen: (listener) => {
        tell = listener;
      },
      confirm: (events) => confirm(users, events),
      waiting: (before) => waiting(users, options.deployment, before),
      waitingOf: (userKey) => waitingOf(users, userKey),
      allWaiting: (before) => allWaiting(users, before),
    },
  };
};

type Insert = Extract<Change, { readonly insert: unknown }>;

const isEvent = (change: Change): change is Insert => 'insert' in change && isEventKey(change.insert.rowKey);

const stamp = ({ insert }: Insert, { occasion, keptSeconds }: OutboxOptions): Insert => {
  const { source, correlation } = occasion();
  const at = insert.at as number;
  return {
    insert: {
      ...insert,
      ...(source === undefined ? {} : { source }),
      ...(correlation === undefined ? {} : { correlation }),
      written: String(Date.now()),
      pending: true,
      keepUntil: at + keptSeconds,
    },
  };
};

const confirm = async (users: Table, events: readonly StoredEvent[]): Promise<void> => {
  const ofPeople = [...Map.groupBy(events, ({ userKey }) => userKey.toString('hex'))].values();
  const work = async (): Promise<void> => {
    for (const [partitionKey, ofOne] of ofPeople)
      for (let first = 0; first < ofOne.length; first += rowsPerWrite) {
        const rows = ofOne
          .slice(first, first + rowsPerWrite)
          .map(({ rowKey }) => ({ partitionKey, rowKey, pending: false }));
        const outcome = await users.write(rows.map((merge) => ({ merge }))).catch(() => undefined);
        // One of them was erased meanwhile.
        if (outcome?.kind === 'conflict' && rows.length > 1)
          for (const merge of rows) await users.write([{ merge }]).catch(() => undefined);
      }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};

const cursorKeys = { partitionKey: 'sweep', rowKey: 'events' } as const;

const waiting = async (users: Table, deployment: Table, before: number): Promise<Waiting> => {
  const cursor = await deployment.read<{ readonly slice: number }>(cursorKeys.partitionKey, cursorKeys.rowKey);
  const first = cursor?.slice ?? 0;
  const found: WaitingRows = { events: [], uncounted: [] };
  let slice = first;
  while (slice < Math.min(first + slicesAtOnce, slices) && countOf(found) < pageSize) {
    await addWaiting(found, { users, slice, before });
    slice += 1;
  }
  return {
    ...found,
    advance: async (at) => {
      await deployment.write([{ upsert: { ...cursorKeys, slice: slice % slices, at } }]);
    },
  };
};

/** All of a slice, whose end is reached: they are few, or nothing has been delivered for long. */
const addWaiting = async (
  found: WaitingRows,
  { users, slice, before }: { readonly users: Table; readonly slice: number; readonly before: number },
): Promise<void> => {
  let after: string | undefined;
  do {
    const page: Page<EventColumns | CountColumns> = await users.page(sliceName(slice), sliceName(slice + 1), {
      size: pageSize,
      after,
      pendingBefore: before,
    });
    for (const row of page.rows)
      if (isEventKey(row.rowKey)) found.events.push(storedEventFrom(row as EventRow));
      else found.uncounted.push(row as Row<CountColumns>);
    after = page.next;
  } while (after !== undefined && countOf(found) < pageSize);
};

const waitingOf = async (users: Table, userKey: Buffer): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (const prefix of eventPrefixes)
    for await (const rows of users.pages<EventColumns>(partitionOf(userKey), prefix, afterPrefix(prefix)))
      events.push(...rows.filter(({ pending }) => pending === true).map(storedEventFrom));
  return events;
};

const allWaiting = async function* (users: Table, before: number): AsyncGenerator<readonly StoredEvent[]> {
  let [slice, after]: [number, string | undefined] = [0, undefined];
  while (slice < slices) {
    const page: Page<EventColumns> = await users.page(sliceName(slice), sliceName(slice + 1), {
      size: pageSize,
      after,
      pendingBefore: before,
    });
    yield page.rows.filter(({ rowKey }) => isEventKey(rowKey)).map(storedEventFrom);
    after = page.next;
    if (after === undefined) slice += 1;
  }
};

const countOf = ({ events, uncounted }: WaitingRows): number => events.length + uncounted.length;
