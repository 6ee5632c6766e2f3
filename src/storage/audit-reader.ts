/** Reading the audit log: newest first, in pages whose transactions are bounded, whatever lies there. */
import type { LoggedEvent } from '../oauth/audit/chain.ts';
import { type AuditEvent, auditEventOf } from '../oauth/audit/event.ts';
import { dayOf, eventFrom, slots } from './audit.ts';
import type { Row, Table } from './table.ts';
import { type EventColumns, eventPrefixes, partitionOf, storedEventFrom } from './user-rows.ts';

/** Where a page ends: behind a row of a day. */
export type Place = { readonly day: string; readonly key: string };

/** From the day `to` back to the day `from`, both included. */
export type DayRange = { readonly from: string; readonly to: string };

type PageRequest = DayRange & {
  readonly after: Place | undefined;
  readonly limit: number;
  readonly isWanted: (event: AuditEvent) => boolean;
};

/** `next` is there when there may be more, even if nothing was found on this page. */
export type EventPage = { readonly events: readonly LoggedEvent[]; readonly next: Place | undefined };

export type AuditReader = {
  /** Events of everybody, newest first. Throws `Unavailable`. */
  page(request: PageRequest): Promise<EventPage>;
  /** The same of one person, from that person's own partition. Throws `Unavailable`. */
  pageOfPerson(userKey: Buffer, request: PageRequest): Promise<EventPage>;
  /** Events of one day behind `key`, in the order of its chain: newest first. Throws `Unavailable`. */
  day(day: string, key?: string): AsyncIterable<LoggedEvent & { readonly key: string }>;
};

/** Pages of the service, of up to 1,000 rows each, after which a page of ours ends; a few more may have begun. */
const readsPerPage = 12;
const daySeconds = 86_400;

type Columns = Readonly<Record<string, unknown>>;

/** A row, and where it stands among the others. */
type Placed<Columns> = { readonly row: Row<Columns>; readonly key: string };

type Reads = { count: number };

export const openAuditReader = (audit: Table, users: Table): AuditReader => ({
  day: async function* (day, key = '') {
    for await (const placed of dayRows(audit, { day, key }, { count: 0 }))
      yield { ...loggedFrom(placed.row, day), key: placed.key };
  },
  page: (request) => page(request, (place, reads) => dayEvents(audit, place, reads)),
  pageOfPerson: (userKey, request) => pageOfPerson(users, userKey, request),
});

/** With the day, where that is not the event's own. */
const loggedFrom = (row: Row<Columns>, day: string): LoggedEvent => {
  const event = eventFrom(row);
  return dayOf(event.at) === day ? event : { ...event, day };
};

type Found = { readonly event: LoggedEvent; readonly key: string };

const dayEvents = async function* (audit: Table, place: Place, reads: Reads): AsyncGenerator<Found> {
  for await (const { row, key } of dayRows(audit, place, reads)) yield { event: loggedFrom(row, place.day), key };
};

const page = async (
  { from, to, after, limit, isWanted }: PageRequest,
  eventsAt: (place: Place, reads: Reads) => AsyncIterable<Found>,
): Promise<EventPage> => {
  const events: LoggedEvent[] = [];
  const reads = { count: 0 };
  for (let place = after ?? { day: to, key: '' }; place.day >= from; place = { day: dayBefore(place.day), key: '' }) {
    if (reads.count >= readsPerPage) return { events, next: place };
    for await (const { event, key } of eventsAt(place, reads)) {
      if (isWanted(event)) events.push(event);
      if (events.length === limit || reads.count >= readsPerPage) return { events, next: { day: place.day, key } };
    }
  }
  return { events, next: undefined };
};

const dayBefore = (day: string): string => dayOf(Date.parse(day) / 1000 - daySeconds);

const dayRows = (audit: Table, { day, key }: Place, reads: Reads): AsyncGenerator<Placed<Columns>> =>
  inOrder(
    Array.from({ length: slots }, (_, slot) =>
      rowsOf<Columns>(audit, { partition: `${day}:${slot}`, from: `${key} `, to: '~', prefix: '' }, reads),
    ),
  );

/** One sequence that goes by instants: the day of a place is not looked at. */
const pageOfPerson = async (
  users: Table,
  userKey: Buffer,
  { from, to, after, limit, isWanted }: PageRequest,
): Promise<EventPage> => {
  const reads = { count: 0 };
  const begin = after === undefined ? invertedEnd(to) : `${after.key} `;
  const end = invertedEnd(dayBefore(from));
  const sources = eventPrefixes.map((prefix) =>
    rowsOf<EventColumns>(
      users,
      { partition: partitionOf(userKey), from: prefix + begin, to: prefix + end, prefix },
      reads,
    ),
  );
  const events: LoggedEvent[] = [];
  for await (const { row, key } of inOrder(sources)) {
    const event = auditEventOf(storedEventFrom(row));
    if (isWanted(event)) events.push(event);
    if (events.length === limit || reads.count >= readsPerPage) return { events, next: { day: dayOf(event.at), key } };
  }
  return { events, next: undefined };
};

/** The key before all keys of a day: its last second, inverted. */
const invertedEnd = (day: string): string =>
  String(9_999_999_999 - (Date.parse(day) / 1000 + daySeconds - 1)).padStart(10, '0');

type Range = { readonly partition: string; readonly from: string; readonly to: string; readonly prefix: string };

const rowsOf = async function* <C>(
  table: Table,
  { partition, from, to, prefix }: Range,
  reads: Reads,
): AsyncGenerator<Placed<C>> {
  for await (const rows of table.pages<C>(partition, from, to)) {
    reads.count += 1;
    for (const row of rows) yield { row, key: row.rowKey.slice(prefix.length) };
  }
};

/** Of several ordered sequences one; each has one page of it in memory. */
const inOrder = async function* <C>(sources: readonly AsyncGenerator<Placed<C>>[]): AsyncGenerator<Placed<C>> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
  for (;;) {
    let first: { source: AsyncGenerator<Placed<C>>; next: IteratorResult<Placed<C>> } | undefined;
    for (const head of heads)
      if (head.next.done !== true && (first?.next.done !== false || head.next.value.key < first.next.value.key))
        first = head;
    if (first === undefined || first.next.done === true) return;
    yield first.next.value;
    first.next = await first.source.next();
  }
};
