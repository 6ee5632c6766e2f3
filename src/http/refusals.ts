/**
 * Refusals in the log. Anybody can cause one, so a line for each would let anybody fill the log's daily cap and blind the
 * alerts: they are counted, and one line a minute says how many there were of what. What only a client or a person with
 * credentials can cause, such as a replay or an operator's change, never goes through here and is never shed.
 */

/** Every field from a table of ours, so that there are few different ones. */
type Refusal = {
  readonly endpoint: string;
  readonly error: string;
  readonly reason?: string | undefined;
  /** A registered client that the request named, whether or not it proved to be that one. */
  readonly client_id?: string | undefined;
};

/** `now` is in epoch seconds; `invocation` finds the request in the platform's traces. */
type Occasion = { readonly now: number; readonly invocation?: string | undefined };

export type Refusals = {
  /** Counts one. The first after a quiet minute is logged at once; of several alike, the line names the last invocation. */
  note(refusal: Refusal, occasion: Occasion): void;
  /** Logs what was counted, if a minute has passed since the last line. Called by whatever runs next: no timer of its own. */
  flush(now: number): void;
};

const secondsPerLine = 60;
/** Kinds in one line; there are not as many unless somebody tries hard. */
const kindLimit = 60;

type Told = {
  /** Of each. */
  readonly noted?: (refusal: Refusal) => void;
  /** Of what was counted, once a minute, as it is logged. */
  readonly counted?: (refusals: readonly (Refusal & { readonly count: number })[], now: number) => void;
};

export const createRefusals = (
  log: (line: Readonly<Record<string, unknown>>) => void,
  { noted = () => undefined, counted = () => undefined }: Told = {},
): Refusals => {
  const counts = new Map<string, { readonly refusal: Refusal; count: number; last: string | undefined }>();
  let loggedAt = Number.NEGATIVE_INFINITY;

  const flush = (now: number): void => {
    // A clock that was set back must not keep the line waiting.
    if (counts.size === 0 || Math.abs(now - loggedAt) < secondsPerLine) return;
    const refusals = [...counts.values()].map(({ refusal, count, last }) => ({ ...refusal, count, last }));
    counts.clear();
    loggedAt = now;
    log({ event: 'refused', refusals });
    counted(refusals, now);
  };

  return {
    flush,
    note: (named, { now, invocation }) => {
      noted(named);
      const key = JSON.stringify([named.endpoint, named.error, named.reason, named.client_id]);
      const isNew = !counts.has(key);
      const [kept, refusal] =
        isNew && counts.size >= kindLimit ? ['', { endpoint: 'others', error: 'others' }] : [key, named];
      const known = counts.get(kept) ?? { refusal, count: 0, last: invocation };
      known.count += 1;
      known.last = invocation;
      counts.set(kept, known);
      flush(now);
    },
  };
};
