/**
 * Table `replay`, as far as ends are concerned that resource servers must hear of: a log by time, so that whoever wants to
 * know what ended lately reads that, and nothing else.
 *
 *   PartitionKey  hex of SHA-256 over the hour and one of four shards     RowKey  <inverted time>:<what>
 *
 * The newest come first, and a reader stops when it has as many as it can use. The row is written before what it says
 * happens, because the two lie in different partitions: a crash between them leaves a word too much in the list and never one
 * too few. Repeating it is fine.
 */
import type { Clock } from '../oauth/crypto.ts';
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Announced, Revocation } from '../oauth/grants/revocation.ts';
import type { Known } from '../oauth/tokens/revocation-list.ts';
import type { Change } from './change.ts';
import { bytes, json, optional, rowOf, seconds, text } from './columns.ts';
import { createRevocationReader } from './revocation-reader.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';

export type Revocations = {
  /**
   * Says so before it happens: whoever reads from then on finds it. One write for what is of one person, up to 100 of them.
   * Throws `Unavailable`: then it must not happen.
   */
  announce(revocations: readonly Revocation[]): Promise<void>;
  /** What was announced from `since` on (epoch seconds), the newest of it if it is too much. At most three seconds old. Throws `Unavailable`. */
  since(since: number): Promise<Known>;
};

export type RevocationsOptions = {
  readonly clock: Clock;
  /** As many as an instance keeps. */
  readonly limit: number;
};

/** The longest life of an access token, with room for clocks that differ. */
const keptSeconds = 90_000;

/** A partition takes 2,000 rows a second: more ends than vaults could sign tokens for. */
const shards = 4;
const sliceSeconds = 3_600;
const rowsPerWrite = 100;

const columns = rowOf({
  kind: text<Revocation['kind']>(),
  at: seconds,
  userKey: optional(bytes),
  familyId: optional(bytes),
  clientKey: optional(bytes),
  jti: optional(text()),
  resources: optional(json<readonly string[]>()),
  before: optional(seconds),
});

export const openRevocations = (replay: Table, { clock, limit }: RevocationsOptions): Revocations => {
  const reader = createRevocationReader({
    clock,
    limit,
    readNewest: (from, to) => readNewest(replay, { from, to, limit }),
  });
  return {
    since: reader.since,
    announce: async (revocations) => {
      const at = clock();
      const byShard = Map.groupBy(revocations, shardOf);
      for (const [shard, ofShard] of byShard)
        for (let first = 0; first < ofShard.length; first += rowsPerWrite)
          await write(replay, rowsOf(ofShard.slice(first, first + rowsPerWrite), { at, shard }));
    },
  };
};

const write = async (replay: Table, changes: readonly Change[]): Promise<void> => {
  const settled = await settle<undefined>({
    attempt: () => replay.write(changes),
    readBack: async () => ({ whose: 'nobody' }),
    // Landing late it is a word too much.
    fence: async () => ({ kind: 'done' }),
  });
  if (settled.result !== 'done') throw new Unavailable('storage');
};

const partitionOf = (slice: number, shard: number): string =>
  sha256(JSON.stringify(['revocations', slice, shard])).toString('hex');

const sliceOf = (at: number): number => Math.floor(at / sliceSeconds);

const rowKeyAt = (at: number): string => String(9_999_999_999 - at).padStart(10, '0');

/** What ends together lies together. */
const shardOf = (one: Revocation): number => {
  if ('userKey' in one) return one.userKey.readUInt8() % shards;
  if ('clientKey' in one) return one.clientKey.readUInt8() % shards;
  return 'jti' in one ? sha256(one.jti).readUInt8() % shards : 0;
};

const nameOf = (one: Revocation): string => {
  if (one.kind === 'session') return `session:${one.familyId.toString('hex')}`;
  if (one.kind === 'token') return `token:${sha256(one.jti).toString('hex')}`;
  if (one.kind === 'client') return `client:${one.clientKey.toString('hex')}`;
  return one.kind === 'person' ? `person:${one.userKey.toString('hex')}` : one.kind;
};

const rowsOf = (
  revocations: readonly Revocation[],
  { at, shard }: { readonly at: number; readonly shard: number },
): readonly Change[] =>
  revocations.map((one) => ({
    upsert: {
      partitionKey: partitionOf(sliceOf(at), shard),
      rowKey: `${rowKeyAt(at)}:${nameOf(one)}`,
      ...columns.write({ ...absent, ...one, at }),
      keepUntil: at + keptSeconds,
    },
  }));

const absent = {
  userKey: undefined,
  familyId: undefined,
  clientKey: undefined,
  jti: undefined,
  resources: undefined,
  before: undefined,
};

type Columns = Readonly<Record<string, unknown>>;
type Range = { readonly from: number; readonly to: number; readonly limit: number };

/** What was announced from `from` to `to`, of each shard the newest `limit`; complete from the instant beside it. */
const readNewest = async (replay: Table, { from, to, limit }: Range): Promise<Known> => {
  const ofShards = await Promise.all(
    Array.from({ length: shards }, (_, shard) => newestOfShard(replay, shard, { from, to, limit })),
  );
  return {
    revocations: ofShards.flatMap(({ revocations }) => revocations),
    completeSince: Math.max(...ofShards.map(({ completeSince }) => completeSince)),
  };
};

const newestOfShard = async (replay: Table, shard: number, { from, to, limit }: Range): Promise<Known> => {
  const revocations: Announced[] = [];
  for (let slice = sliceOf(to); slice >= sliceOf(from); slice -= 1) {
    const pages = replay.pages<Columns>(partitionOf(slice, shard), rowKeyAt(to), rowKeyAt(from - 1));
    for await (const rows of pages) {
      revocations.push(...rows.map(revocationFrom));
      const oldest = revocations.at(-1);
      if (revocations.length >= limit && oldest !== undefined) return { revocations, completeSince: oldest.at };
    }
  }
  return { revocations, completeSince: from };
};

const revocationFrom = (row: Row<Columns>): Announced => ({ ...columns.read(row), id: row.rowKey }) as Announced;
