/**
 * Table `replay`, as far as security events are concerned that a resource server has taken in (RFC 8936 §2.4.1).
 *
 *   PartitionKey  hex of SHA-256 over the client and the hour of the event     RowKey  the event's jti
 */
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';

/** `at` is the instant of the event (epoch seconds). */
type EventName = { readonly jti: string; readonly at: number };

export type Acknowledged = {
  /** Ids of the events from `since` to `until` (epoch seconds) that the client has acknowledged. One read for each hour. */
  of(clientId: string, since: number, until: number): Promise<ReadonlySet<string>>;
  /** Repeating it is fine. Throws `Unavailable`: then they are delivered again. */
  add(clientId: string, events: readonly EventName[]): Promise<void>;
};

/** Longer than an event can be asked for. */
const keptSeconds = 90_000;
const hourSeconds = 3_600;
const rowsPerWrite = 100;

const hourOf = (at: number): number => Math.floor(at / hourSeconds);

const partitionOf = (clientId: string, hour: number): string =>
  sha256(JSON.stringify(['acknowledged', clientId, hour])).toString('hex');

export const openAcknowledged = (replay: Table): Acknowledged => ({
  of: async (clientId, since, until) => {
    const hours = Array.from({ length: hourOf(until) - hourOf(since) + 1 }, (_, index) => hourOf(since) + index);
    // As many as there were events: their log is bounded.
    const ranges = await Promise.all(hours.map((hour) => replay.range(partitionOf(clientId, hour), ' ', '~')));
    return new Set(ranges.flat().map(({ rowKey }) => rowKey));
  },
  add: async (clientId, events) => {
    for (const [hour, ofHour] of Map.groupBy(events, ({ at }) => hourOf(at)))
      for (let first = 0; first < ofHour.length; first += rowsPerWrite)
        await write(replay, partitionOf(clientId, hour), ofHour.slice(first, first + rowsPerWrite));
  },
});

const write = async (replay: Table, partitionKey: string, events: readonly EventName[]): Promise<void> => {
  const changes = events.map(({ jti, at }) => ({ upsert: { partitionKey, rowKey: jti, keepUntil: at + keptSeconds } }));
  const settled = await settle<undefined>({
    attempt: () => replay.write(changes),
    readBack: async () => ({ whose: 'nobody' }),
    // Landing late is what was asked for.
    fence: async () => ({ kind: 'done' }),
  });
  if (settled.result !== 'done') throw new Unavailable('storage');
};
