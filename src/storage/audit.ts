/**
 * Table `audit`: what happened, append-only. Rows are inserted, never changed; only the retention deletes (`seals.ts`).
 *
 *   PartitionKey  the day and one of four slots, as in 2026-11-21:0     RowKey  <inverted time>:<id>
 *   at (epoch seconds), event, v, actorKind, actor, person, client, source, correlation, details (JSON, never a secret)
 *
 * What an act of an administrator changes is written here before it is done, so there is no change without a row; a row
 * without its change means that the change failed. What happens to a person is written in the batch that does it
 * (`outbox.ts`), and comes here afterwards, by the same key however often: so a second delivery changes nothing.
 */

import { type Act, type Actor, type AuditEvent, acts, type EventName, type Occasion } from '../oauth/audit/event.ts';
import { fittingDetails } from '../oauth/audit/fitting.ts';
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { json, optional, rowOf, seconds, text, number as whole } from './columns.ts';
import type { Row, Table } from './table.ts';

export type AuditEntry = {
  readonly actor: Actor;
  readonly action: Act;
  /** A client_id, or what else it is about. */
  readonly target: string;
  /** Whom it concerns. */
  readonly person?: Buffer;
  readonly details?: Readonly<Record<string, unknown>>;
};

export type Audit = {
  /** Throws `Unavailable` when the entry may not have been written; the change must not be made then. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * Adds events of one day, which may be there already, and may be delivered on a later day than that of their own instant.
   * Throws `Unavailable`: then some of them may be missing.
   */
  append(day: string, events: readonly AuditEvent[]): Promise<void>;
  /** True if the event lies in that day. Throws `Unavailable`. */
  has(day: string, event: AuditEvent): Promise<boolean>;
};

export type AuditOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly occasion: () => Occasion;
  /** Is told of what was recorded. */
  readonly noted: (event: AuditEvent) => void;
};

/** A partition takes 2,000 rows a second. */
export const slots = 4;
const rowsPerWrite = 100;

/** As in 2026-11-21, in UTC. */
export const dayOf = (at: number): string => new Date(at * 1000).toISOString().slice(0, 10);

const columns = rowOf({
  at: seconds,
  event: text<EventName>(),
  v: whole,
  actorKind: text<Actor['by']>(),
  actor: text(),
  person: optional(text()),
  client: optional(text()),
  source: optional(text()),
  correlation: optional(text()),
  details: optional(json<Readonly<Record<string, unknown>>>()),
});

type Columns = Readonly<Record<string, unknown>>;

export const openAudit = (table: Table, { clock, random, occasion, noted }: AuditOptions): Audit => ({
  record: async ({ actor, action, target, person, details = {} }) => {
    const { event, v } = acts[action];
    const entry: AuditEvent = {
      ...occasion(),
      id: base64url(random(9)),
      at: clock(),
      event,
      v,
      actor,
      person: person?.toString('hex'),
      client: isAboutClient(event) ? target : undefined,
      details: fittingDetails({ ...details, target }),
    };
    const outcome = await table.write([{ insert: rowOfEvent(dayOf(entry.at), entry) }]);
    if (outcome.kind !== 'done') throw new Unavailable('storage');
    noted(entry);
  },
  append: async (day, events) => {
    for (const [, ofSlot] of Map.groupBy(events, slotOf))
      for (let first = 0; first < ofSlot.length; first += rowsPerWrite)
        await insertAll(
          table,
          ofSlot.slice(first, first + rowsPerWrite).map((event) => rowOfEvent(day, event)),
        );
  },
  has: async (day, event) => {
    const { partitionKey, rowKey } = rowOfEvent(day, event);
    return (await table.read(partitionKey, rowKey)) !== undefined;
  },
});

const isAboutClient = (event: EventName): boolean => event.startsWith('client.');

/** What is of one person lies together, and what is of nobody in the first. */
const slotOf = ({ person }: AuditEvent): number =>
  person === undefined ? 0 : Number.parseInt(person.slice(0, 2), 16) % slots;

const rowOfEvent = (day: string, event: AuditEvent) => ({
  partitionKey: `${day}:${slotOf(event)}`,
  rowKey: `${String(9_999_999_999 - event.at).padStart(10, '0')}:${event.id}`,
  ...columns.write({
    person: undefined,
    client: undefined,
    source: undefined,
    correlation: undefined,
    details: undefined,
    ...event,
    actorKind: event.actor.by,
    actor: event.actor.id,
  }),
});

/** The event in a row. */
export const eventFrom = (row: Row<Columns>): AuditEvent => {
  const { actorKind, actor, ...event } = columns.read(row);
  return { ...event, id: row.rowKey.slice(11), actor: { by: actorKind, id: actor } };
};

type NewRow = ReturnType<typeof rowOfEvent>;

/** Rows that are there already are these very ones. */
const insertAll = async (table: Table, rows: readonly NewRow[]): Promise<void> => {
  const write = () => table.write(rows.map((insert) => ({ insert })));
  const first = await write();
  const outcome = first.kind === 'unknown' ? await write() : first;
  if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  if (outcome.kind === 'done' || rows.length === 1) return;
  for (const row of rows) await insertAll(table, [row]);
};
