/** Token buckets: how much of what is scarce one caller may take. In memory, per instance, bounded. */
import { base64url, sha256 } from '../oauth/crypto.ts';

export type BucketSize = {
  readonly perSecond: number;
  readonly burst: number;
  /** Keys remembered at most, 20,000 unless told. */
  readonly keys?: number;
};

export type Buckets = {
  /** Takes one token of `key`'s bucket; false when there is none. */
  take(key: string, now: number): boolean;
  /** Gives one back that turned out to be nobody's fault. */
  give(key: string, now: number): void;
};

/** Beyond that the one that was used least lately is forgotten, which only ever gives somebody a full bucket again. */
const usualKeys = 20_000;

export const createBuckets = (size: BucketSize): Buckets => {
  const buckets = new Map<string, { tokens: number; filledAt: number }>();
  // Callers choose what is in a key: its digest is as short whatever they send.
  const nameOf = (key: string): string => base64url(sha256(key));
  const refilled = (key: string, now: number) => {
    const known = buckets.get(key) ?? { tokens: size.burst, filledAt: now };
    const elapsed = Math.max(0, now - known.filledAt);
    return { tokens: Math.min(size.burst, known.tokens + elapsed * size.perSecond), filledAt: now };
  };
  return {
    take: (named, now) => {
      const key = nameOf(named);
      const bucket = refilled(key, now);
      const allowed = bucket.tokens >= 1;
      // A Map keeps the order of insertion: what is used goes to its end, so its beginning was used least lately.
      if (!buckets.delete(key) && buckets.size >= (size.keys ?? usualKeys))
        buckets.delete(buckets.keys().next().value ?? '');
      buckets.set(key, allowed ? { ...bucket, tokens: bucket.tokens - 1 } : bucket);
      return allowed;
    },
    give: (named, now) => {
      const key = nameOf(named);
      const bucket = refilled(key, now);
      if (buckets.has(key)) buckets.set(key, { ...bucket, tokens: Math.min(size.burst, bucket.tokens + 1) });
    },
  };
};
