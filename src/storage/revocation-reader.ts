/** What one instance knows of the log of revocations: it reads only what was announced since it looked last. */
import type { Clock } from '../oauth/crypto.ts';
import type { Announced } from '../oauth/grants/revocation.ts';
import type { Known } from '../oauth/tokens/revocation-list.ts';

type ReaderOptions = {
  readonly clock: Clock;
  readonly limit: number;
  /** All that was announced between two instants (epoch seconds), the newest of it if it is too much. Throws `Unavailable`. */
  readonly readNewest: (from: number, to: number) => Promise<Known>;
};

type Reader = { since(since: number): Promise<Known> };

const cacheSeconds = 3;

/** A row may land so long after the instant in its key: its writer was slow, or its clock is behind ours. */
const lateSeconds = 60;

/** A clock may be ahead of ours by so much. */
const aheadSeconds = 60;

type Cached = Known & { readonly readAt: number };

export const createRevocationReader = ({ clock, limit, readNewest }: ReaderOptions): Reader => {
  let cached: Cached | undefined;
  let reading: Promise<Cached> | undefined;

  const read = async (since: number): Promise<Cached> => {
    // Its age counts from before the request: what is read may be as old as that.
    const readAt = clock();
    const before = cached !== undefined && cached.readAt <= readAt ? cached : undefined;
    const news = await readNewest(Math.max(since, (before?.readAt ?? 0) - lateSeconds), readAt + aheadSeconds);
    cached = { ...merged(before, news, { since, limit }), readAt };
    return cached;
  };

  return {
    since: async (since) => {
      const age = cached === undefined ? -1 : clock() - cached.readAt;
      if (cached !== undefined && age >= 0 && age < cacheSeconds) return cached;
      reading ??= read(since).finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
};

/** Both, the newest first; what was known itself, if that is all of it. */
const newestOf = (known: readonly Announced[], news: readonly Announced[], since: number): readonly Announced[] => {
  const ids = new Set(known.map(({ id }) => id));
  const unknown = new Map(news.filter(({ id }) => !ids.has(id)).map((one) => [one.id, one]));
  const isOld = ({ at }: Announced): boolean => at < since;
  if (unknown.size === 0 && !known.some(isOld)) return known;
  return [...known, ...unknown.values()].filter((one) => !isOld(one)).toSorted((a, b) => b.at - a.at);
};

/** The newest of both, each once, and from when on none of them is left out. */
const merged = (
  before: Cached | undefined,
  news: Known,
  { since, limit }: { readonly since: number; readonly limit: number },
): Known => {
  const newest = newestOf(before?.revocations ?? [], news.revocations, since);
  const leftOut = newest[limit];
  // News that had to stop before they met what was known leave a hole.
  const gap = before === undefined || news.completeSince > before.readAt - lateSeconds;
  const completeSince = gap ? news.completeSince : before.completeSince;
  return {
    revocations: leftOut === undefined ? newest : newest.slice(0, limit),
    completeSince: Math.max(completeSince, leftOut?.at ?? since, since),
  };
};
