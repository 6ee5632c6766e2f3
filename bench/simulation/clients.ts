/** Services: who asks how often, and what an instance gives each of them. */
import type { Chance } from './random.ts';

const scale = 1_000_000;

/** Draws one of `count` services: the first most often, the second half as often, the third a third (Zipf). */
export const createServices = (count: number, chance: Chance): (() => number) => {
  const shares = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
  const sumOf = (some: readonly number[]): number => some.reduce((sum, share) => sum + share, 0);
  const all = sumOf(shares);
  const ends = shares.map((_, rank) => (sumOf(shares.slice(0, rank + 1)) / all) * scale);
  return () => {
    const drawn = chance.below(scale);
    return Math.max(
      0,
      ends.findIndex((end) => drawn < end),
    );
  };
};

export type Allowance = {
  /** False when the client has used up what this instance gives it. */
  take(instance: number, client: number, second: number): boolean;
};

type AllowanceOptions = {
  readonly clients: number;
  readonly instances: number;
  readonly perSecond: number;
  readonly burst: number;
};

/** The arithmetic of src/limits/token-bucket.ts, by number instead of by key. */
export const createAllowance = ({ clients, instances, perSecond, burst }: AllowanceOptions): Allowance => {
  const tokens = new Float64Array(instances * clients).fill(burst);
  const filledAt = new Float64Array(instances * clients);
  return {
    take: (instance, client, second) => {
      const at = instance * clients + client;
      const held = Math.min(burst, (tokens[at] ?? 0) + (second - (filledAt[at] ?? 0)) * perSecond);
      filledAt[at] = second;
      tokens[at] = held >= 1 ? held - 1 : held;
      return held >= 1;
    },
  };
};
