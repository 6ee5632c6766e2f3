/** Services and how much each instance gives one of them: the arithmetic of src/limits/token-bucket.ts, by number instead of by key. */
import { clientPerSecond } from './facts.ts';
import type { Chance } from './random.ts';

/** As src/main.ts makes it. */
const burst = clientPerSecond * 4;

export type Clients = {
  /** One of them: the largest most often. */
  draw(): number;
  /** False when the client has used up what this instance gives it. */
  take(instance: number, client: number, second: number): boolean;
};

export const createClients = (count: number, instances: number, chance: Chance): Clients => {
  const shares = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const scale = 1_000_000;
  const ends = shares.map(
    (_, rank) => (shares.slice(0, rank + 1).reduce((sum, share) => sum + share, 0) / all) * scale,
  );
  const tokens = new Float64Array(instances * count).fill(burst);
  const filledAt = new Float64Array(instances * count);
  return {
    draw: () => {
      const drawn = chance.below(scale);
      return Math.max(
        0,
        ends.findIndex((end) => drawn < end),
      );
    },
    take: (instance, client, second) => {
      const at = instance * count + client;
      const filled = (tokens[at] ?? 0) + (second - (filledAt[at] ?? 0)) * clientPerSecond;
      const held = Math.min(burst, filled);
      filledAt[at] = second;
      tokens[at] = held >= 1 ? held - 1 : held;
      return held >= 1;
    },
  };
};
