/**
 * One partition of the table `deployment` that every instance keeps at hand: what must reach all of them soon, read by each at
 * most once in 15 seconds.
 *
 *   PartitionKey not-before   RowKey everyone               notBefore (see `deployment.ts`)
 *                                    client:<clientKey>
 *                                    user:<userKey>
 *                                    ranges:<table>         ranges (see `ranges.ts`)
 *                                    policy                 policy, needsOperator (see `policies.ts`)
 *                                    client-rules           version (see there)
 *                                    catalogue              version (see `catalogue.ts`)
 *                                    resource:<digest>      resource, changedAt, madeBy (see there)
 */
import type { Clock } from '../oauth/crypto.ts';
import type { Row, Table } from './table.ts';

export const listPartition = 'not-before';

type Entry = {
  readonly notBefore?: number;
  readonly ranges?: string;
  readonly policy?: string;
  readonly needsOperator?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly changedAt?: number;
  readonly madeBy?: string;
};

/** By row key. A new object for each reading. */
export type Entries = ReadonlyMap<string, Row<Entry>>;

/** Every request asks, and the answer changes with the list alone. */
export const onceEach = <T>(derive: (entries: Entries) => T): ((entries: Entries) => T) => {
  let known: { readonly of: Entries; readonly derived: T } | undefined;
  return (entries) => {
    if (known?.of !== entries) known = { of: entries, derived: derive(entries) };
    return known.derived;
  };
};

export type DeploymentList = {
  /** At most 15 seconds old. Throws `Unavailable` when the table does not answer. */
  current(): Promise<Entries>;
  /** Read from now on. Throws `Unavailable`. */
  fresh(): Promise<Entries>;
  /** Whoever asks next reads. */
  forget(): void;
};

const cacheSeconds = 15;

/** Sends nothing yet. */
export const openDeploymentList = (table: Table, clock: Clock): DeploymentList => {
  let cached: { readonly entries: Entries; readonly readAt: number } | undefined;
  let reading: Promise<Entries> | undefined;
  let forgotten = 0;

  const fresh = async (): Promise<Entries> => {
    // Its age counts from before the request: what is read may be as old as that.
    const [readAt, before] = [clock(), forgotten];
    const rows = await table.range<Entry>(listPartition, ' ', '~');
    const entries = new Map(rows.map((row) => [row.rowKey, row]));
    // What was asked for before a change was written does not hide it.
    if (before === forgotten) cached = { entries, readAt };
    return entries;
  };

  /** Callers that come while it is read share what comes. */
  const shared = (): Promise<Entries> => {
    if (reading !== undefined) return reading;
    const own = fresh().finally(() => {
      if (reading === own) reading = undefined;
    });
    reading = own;
    return own;
  };

  return {
    current: async () => {
      const age = cached === undefined ? Number.POSITIVE_INFINITY : clock() - cached.readAt;
      return cached !== undefined && age >= 0 && age < cacheSeconds ? cached.entries : shared();
    },
    fresh,
    forget: () => {
      forgotten += 1;
      [cached, reading] = [undefined, undefined];
    },
  };
};
