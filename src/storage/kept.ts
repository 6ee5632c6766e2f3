/**
 * Rows as this instance knows them since it wrote or read them: whoever writes one next under its ETag need not read it before.
 * A copy proves nothing by itself, because other instances write too. It is good for what only that write makes true, and the
 * write says so: everything else is decided by the row.
 */
import type { Clock } from '../oauth/crypto.ts';

export type Kept<Value> = {
  /** The copy, which is nobody else's then: what comes at the same time reads the row. */
  take(key: string): Value | undefined;
  /** Instead of any other copy of that row. */
  put(key: string, value: Value): void;
  /** Others write this row as well: no copy of it is kept for as long as one would have been. */
  distrust(key: string): void;
};

export type KeptOptions = {
  readonly clock: Clock;
  /** Beyond that the oldest is dropped; 0 keeps none. */
  readonly limit: number;
  readonly seconds: number;
};

export const createKept = <Value>({ clock, limit, seconds }: KeptOptions): Kept<Value> => {
  /** Oldest first; without a value where copies are not to be trusted. */
  const entries = new Map<string, { readonly value: Value | undefined; readonly until: number }>();
  const add = (key: string, value: Value | undefined): void => {
    const now = clock();
    entries.delete(key);
    entries.set(key, { value, until: now + seconds });
    for (const [oldest, { until }] of entries) {
      if (until > now && entries.size <= limit) break;
      entries.delete(oldest);
    }
  };
  return {
    take: (key) => {
      const entry = entries.get(key);
      if (entry?.value === undefined) return undefined;
      entries.delete(key);
      return clock() < entry.until ? entry.value : undefined;
    },
    put: (key, value) => {
      const entry = entries.get(key);
      if (entry !== undefined && entry.value === undefined && clock() < entry.until) return;
      add(key, value);
    },
    distrust: (key) => add(key, undefined),
  };
};
