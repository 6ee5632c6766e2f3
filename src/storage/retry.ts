/**
 * The one way to write what depends on the row as it is: look, decide, write; and if another write came first, look and
 * decide again. Writers of one row each lose only to one that made progress, so this ends; so many losses in a row mean
 * that something is wrong.
 */
import { Unavailable } from '../oauth/errors.ts';

const attempts = 60;
const jitterMilliseconds = 10;

/** What an attempt returns whose write another one has come before. */
export const lost = Symbol('lost');

/**
 * The result of the first attempt that was not lost. `seen` is what the first one goes by, `again` looks anew for those
 * after it. Throws `Unavailable`, and whatever the attempts throw.
 */
export const untilWritten = async <Seen, Result>(
  seen: Seen,
  again: () => Promise<Seen>,
  attempt: (seen: Seen) => Promise<Result | typeof lost>,
): Promise<Result> => {
  let current = seen;
  for (let tries = 0; tries < attempts; tries++) {
    const result = await attempt(current);
    if (result !== lost) return result;
    await pause(Math.random() * jitterMilliseconds * Math.min(tries, jitterMilliseconds));
    current = await again();
  }
  throw new Unavailable('storage');
};

/** Waits without holding anything. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
