/** Chance that is the same each time: a seeded generator, and how many of many independent events fall into a second. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Chance = {
  /** A whole number from 0 up to but not including `end`. */
  below(end: number): number;
  /** How many events happen where `mean` are expected (Poisson). */
  events(mean: number): number;
};

/** Above this the normal distribution is as good, and quicker. */
const manyEvents = 50;

export const createChance = (seed: number): Chance => {
  const generator = xoroshiro128plus(seed);
  const fraction = (): number => uniformFloat64(generator);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
  const few = (mean: number): number => {
    let count = 0;
    for (let product = fraction(); product > Math.exp(-mean); product *= fraction()) count += 1;
    return count;
  };
  return {
    below: (end) => uniformInt(generator, 0, end - 1),
    events: (mean) => (mean > manyEvents ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : few(mean)),
  };
};
