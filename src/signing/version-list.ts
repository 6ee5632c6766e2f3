/**
 * The list of a key's versions, read at most once a minute and by one caller at a time. While the vault fails, the last
 * list serves for a bounded time and nobody waits for the attempts to read a new one, which back off.
 */
import type { Clock } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { listCacheSeconds, listStaleSeconds } from './key-ring.ts';

const longestBackOffSeconds = 30;
const longestAskedSeconds = 60;

type VersionList<V> = {
  /** The list, at most `listCacheSeconds` old, or `listStaleSeconds` while the vault fails. Throws `Unavailable`. */
  current(): Promise<readonly V[]>;
  /** Reads the list again because it proved wrong; at most once a second, else the same as `current`. */
  reread(): Promise<readonly V[]>;
  /** Seconds since reading began to fail; 0 while it works. */
  failingSeconds(): number;
};

type Held<V> = { readonly versions: readonly V[]; readonly readAt: number };

/** `read` reads the list from the vault; `retryAfterSeconds` says what its failure asks for, if anything. */
export const createVersionList = <V>(options: {
  readonly read: () => Promise<readonly V[]>;
  readonly clock: Clock;
  readonly retryAfterSeconds: (error: unknown) => number | undefined;
}): VersionList<V> => {
  const { read, clock } = options;
  const backOff = createBackOff(clock);
  let held: Held<V> | undefined;
  let rereadAt = Number.NEGATIVE_INFINITY;

  const succeed = (versions: readonly V[]): readonly V[] => {
    held = { versions, readAt: clock() };
    backOff.end();
    return versions;
  };

  const fail = (cause: unknown): never => {
    throw new Unavailable('signing', { cause, retryAfterSeconds: backOff.extend(options.retryAfterSeconds(cause)) });
  };

  const readOnce = singleFlight(() => read().then(succeed, fail));

  const current = async (): Promise<readonly V[]> => {
    const fresh = youngerThan(listCacheSeconds, held, clock());
    if (fresh !== undefined) return fresh;
    const stale = youngerThan(listStaleSeconds, held, clock());
    const waitSeconds = backOff.waitSeconds();
    if (waitSeconds > 0) {
      if (stale !== undefined) return stale;
      throw new Unavailable('signing', { retryAfterSeconds: waitSeconds });
    }
    const failedBefore = backOff.failingSeconds() !== undefined;
    const next = readOnce();
    if (stale === undefined) return next;
    const nextOrStale = next.catch(() => stale);
    return failedBefore ? stale : nextOrStale;
  };

  const reread = async (): Promise<readonly V[]> => {
    if (Math.abs(clock() - rereadAt) < 1) return current();
    rereadAt = clock();
    return readOnce();
  };

  return { current, reread, failingSeconds: () => backOff.failingSeconds() ?? 0 };
};

/** Callers that come while `call` runs share its outcome. */
const singleFlight = <T>(call: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined;
  return () => {
    running ??= call().finally(() => {
      running = undefined;
    });
    return running;
  };
};

/** A clock set back makes an age negative: such a list counts as old. */
const youngerThan = <V>(seconds: number, held: Held<V> | undefined, now: number): readonly V[] | undefined => {
  const age = held === undefined ? -1 : now - held.readAt;
  return age >= 0 && age < seconds ? held?.versions : undefined;
};

/** How long to leave the vault alone: twice as long after each failure, or as long as the vault asks. */
const createBackOff = (clock: Clock) => {
  let failures = 0;
  let failingSince: number | undefined;
  let endsAt = 0;
  return {
    /** Counts a failure and returns the seconds to wait. */
    extend: (askedSeconds = 0): number => {
      const seconds = Math.max(
        Math.min(2 ** failures, longestBackOffSeconds),
        Math.min(askedSeconds, longestAskedSeconds),
      );
      failures += 1;
      failingSince ??= clock();
      endsAt = clock() + seconds;
      return seconds;
    },
    end: (): void => {
      failures = 0;
      failingSince = undefined;
      endsAt = 0;
    },
    /** Seconds still to wait, or 0. A clock set back must not make a short pause a long one. */
    waitSeconds: (): number => {
      const seconds = endsAt - clock();
      return seconds > 0 && seconds <= longestAskedSeconds ? seconds : 0;
    },
    /** Seconds since the first of the failures; undefined when there are none. */
    failingSeconds: (): number | undefined => (failingSince === undefined ? undefined : clock() - failingSince),
  };
};
