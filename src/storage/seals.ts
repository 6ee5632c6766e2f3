/**
 * Table `audit`, as far as its seals are concerned (`oauth/audit/chain.ts`).
 *
 *   PartitionKey seals     RowKey <day>     seal (a JWS), count     never deleted
 */
import { Unavailable } from '../oauth/errors.ts';
import { dayOf } from './audit.ts';
import type { Table } from './table.ts';

export type Seal = { readonly day: string; readonly seal: string; readonly count: number };

export type Seals = {
  /** The newest; undefined when there is none. One read of the newest days, or of all. Throws `Unavailable`. */
  newest(now: number): Promise<Seal | undefined>;
  /** Those of the days from `from` to `to`, both included, in order. Throws `Unavailable`. */
  between(from: string, to: string): Promise<readonly Seal[]>;
  /** Keeps a seal. False when that day has one. Throws `Unavailable`. */
  add(seal: Seal): Promise<boolean>;
};

const partitionKey = 'seals';
const daySeconds = 86_400;

/** More than an app is off that anybody wants to run. */
const daysLookedAt = 40;

type SealColumns = { readonly seal: string; readonly count: number };

export const openSeals = (table: Table): Seals => {
  const between: Seals['between'] = async (from, to) =>
    (await table.range<SealColumns>(partitionKey, from, `${to}~`)).map(({ rowKey, seal, count }) => ({
      day: rowKey,
      seal,
      count,
    }));
  return {
    between,
    newest: async (now) => {
      const today = dayOf(now);
      const late = await between(dayOf(now - daysLookedAt * daySeconds), today);
      return (late.length > 0 ? late : await between('0', today)).at(-1);
    },
    add: async ({ day, seal, count }) => {
      const write = () => table.write([{ insert: { partitionKey, rowKey: day, seal, count } }]);
      const first = await write();
      const outcome = first.kind === 'unknown' ? await write() : first;
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
      return outcome.kind === 'done';
    },
  };
};
