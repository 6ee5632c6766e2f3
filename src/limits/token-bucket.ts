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

type Bucket = { readonly tokens: number; readonly filledAt: number };

/** `buckets` are those that are remembered, from the one that was used least lately on. */
export const createBuckets = (size: BucketSize, buckets = new Map<string, Bucket>()): Buckets => {
  let tidiedAt: number | undefined;
  // Callers choose what is in a key: its digest is as short whatever they send.
  const nameOf = (key: string): string => base64url(sha256(key));
  const filled = ({ tokens, filledAt }: Bucket, now: number): number =>
    Math.min(size.burst, tokens + Math.max(0, now - filledAt) * size.perSecond);
  const refilled = (key: string, now: number): Bucket => ({
    tokens: filled(buckets.get(key) ?? { tokens: size.burst, filledAt: now }, now),
    filledAt: now,
  });
  /** One that is full again says nothing that none would not say: what is kept are those that miss some. */
  const tidy = (now: number): void => {
    if (tidiedAt === now) return;
    tidiedAt = now;
    for (const [key, bucket] of buckets) {
      if (filled(bucket, now) < size.burst) return;
      buckets.delete(key);
    }
  };
  return {
    take: (named, now) => {
      tidy(now);
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
