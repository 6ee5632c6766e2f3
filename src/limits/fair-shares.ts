/**
 * Shares of what is scarce, by what each asks for (max-min fairness): whoever asks for little gets all of it, and the rest is
 * divided equally among those who ask for more. What nobody asks for, one may have. In memory, per instance, bounded.
 */

export type FairShares = {
  /** Counts what `key` asks for at `now`, in epoch seconds; false when its share of `perSecond` is used up. Undefined: there is enough. */
  take(key: string, now: number, perSecond: number | undefined): boolean;
};

/** What is asked for in a second, averaged so that each second before counts for nine tenths of the one after it. */
const kept = 0.9;

type Asker = { demand: number; tokens: number; at: number };

/** Remembers `keys` askers at most; the one that asked least lately is forgotten, and begins anew. */
export const createFairShares = ({ keys }: { readonly keys: number }): FairShares => {
  const askers = new Map<string, Asker>();
  let level = Number.POSITIVE_INFINITY;
  let dividedAt: number | undefined;
  let divided: number | undefined;

  const divide = (now: number, perSecond: number): void => {
    if (dividedAt === now && divided === perSecond) return;
    const demands: number[] = [];
    // Of whole seconds: what was asked for in this one is not all yet.
    for (const asker of askers.values()) demands.push(faded(asker, now - 1));
    // Nobody was seen to ask for more than there is; somebody who comes only now gets no more than all of it.
    level = Math.min(perSecond, waterLevel(demands, perSecond));
    [dividedAt, divided] = [now, perSecond];
  };

  const askerOf = (key: string, now: number): Asker => {
    const known = askers.get(key);
    if (!askers.delete(key) && askers.size >= keys) askers.delete(askers.keys().next().value ?? '');
    const asker = known ?? { demand: 0, tokens: 1, at: now };
    askers.set(key, asker);
    return asker;
  };

  return {
    take: (key, now, perSecond) => {
      if (perSecond !== undefined) divide(now, perSecond);
      const asker = askerOf(key, now);
      if (perSecond !== undefined) refill(asker, now, level);
      asker.demand = faded(asker, now) + (1 - kept);
      asker.at = Math.max(asker.at, now);
      return perSecond === undefined || isServed(asker, level);
    },
  };
};

const faded = ({ demand, at }: Asker, now: number): number => demand * kept ** Math.max(0, now - at);

const refill = (asker: Asker, now: number, level: number): void => {
  const elapsed = Math.max(0, now - asker.at);
  // What is left of one that is not whole yet is not lost.
  asker.tokens = Math.min(1 + level, asker.tokens + elapsed * level);
};

/** Whoever asks for no more than the level is never refused; what that takes counts all the same, should it come to ask for more. */
const isServed = (asker: Asker, level: number): boolean => {
  const served = asker.demand <= level || asker.tokens >= 1;
  if (served) asker.tokens = Math.max(0, asker.tokens - 1);
  return served;
};

/**
 * The most that anybody gets of `capacity` when each gets what it asks for, but not more than that: infinite when there is
 * enough for all.
 */
export const waterLevel = (demands: readonly number[], capacity: number): number => {
  let left = capacity;
  const rising = Float64Array.from(demands).sort();
  for (const [index, demand] of rising.entries()) {
    const equal = left / (rising.length - index);
    if (demand > equal) return equal;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
};
