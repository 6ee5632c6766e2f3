/**
 * How many signatures a second vaults have for one instance, which knows nothing of the others: while they throttle, four
 * fifths of what they signed for it lately, and then a little more each second until they throttle again.
 */
import type { Clock } from '../oauth/crypto.ts';

/** Key Vault counts over ten seconds, and one that throttles does so until they are over. */
const windowSeconds = 10;

const left = 0.8;

/** So that all of it is asked for again after some twenty seconds, and what is then too much is little. */
const growthPerSecond = 0.01;

/** Not throttled for so long, there is enough for everybody. */
const forgottenSeconds = 60;

export type Capacity = {
  /** A vault has signed. */
  signed(): void;
  /** No vault signed, since each had made too many signatures. */
  throttled(): void;
  /** True until the window in which they had is over for certain. */
  isThrottled(): boolean;
  /** Signatures a second that may be asked for; undefined while nothing is known of a limit. */
  perSecond(): number | undefined;
};

/** Never less than `least` signatures a second. */
export const createCapacity = ({ clock, least }: { readonly clock: Clock; readonly least: number }): Capacity => {
  const signatures = createCounter(clock);
  let limited: { readonly base: number; readonly since: number } | undefined;
  let throttledAt = Number.NEGATIVE_INFINITY;
  return {
    signed: signatures.add,
    throttled: () => {
      const now = clock();
      // What one window refuses is one piece of news.
      if (now >= (limited?.since ?? Number.NEGATIVE_INFINITY) + windowSeconds)
        limited = { base: Math.max(least, left * signatures.perSecond()), since: now };
      throttledAt = now;
    },
    isThrottled: () => clock() < throttledAt + windowSeconds,
    perSecond: () => {
      if (limited === undefined || clock() >= throttledAt + forgottenSeconds) return undefined;
      return limited.base + (clock() - limited.since) * growthPerSecond * Math.max(limited.base, least);
    },
  };
};

/** Counts by the second, as many as a window has. */
const createCounter = (clock: Clock) => {
  const counts = new Float64Array(windowSeconds);
  let at = clock();
  const turn = (): void => {
    for (const now = clock(); at < now; at += 1) {
      if (now - at > windowSeconds) at = now - windowSeconds;
      counts[(at + 1) % windowSeconds] = 0;
    }
  };
  return {
    add: (): void => {
      turn();
      const slot = at % windowSeconds;
      counts[slot] = (counts[slot] ?? 0) + 1;
    },
    perSecond: (): number => {
      turn();
      return counts.reduce((sum, count) => sum + count, 0) / windowSeconds;
    },
  };
};
