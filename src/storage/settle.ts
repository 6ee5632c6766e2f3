/**
 * Brings one conditional write to a known end although answers get lost.
 *
 * Every transition carries a write id of its own, so that reading the row back tells whose write it shows. A write that
 * nobody answered and that the row does not show may still be on its way: it is fenced by a second write under the same
 * ETag, which makes the first one's condition false for ever, before the caller is told to try again. Otherwise it could
 * land later and turn the caller's honest retry into what looks like a replay.
 */
import { Unavailable } from '../oauth/errors.ts';
import { pause } from './retry.ts';
import type { Outcome } from './table.ts';

/** No new attempt starts after this time; with the read-backs and the fence a request ends within 20 seconds. */
const attemptsMilliseconds = 4_000;

type Verdict<Current> =
  | { readonly whose: 'ours' }
  /** The row still is as it was when we read it. */
  | { readonly whose: 'nobody' }
  | { readonly whose: 'another'; readonly current: Current };

export type Settled<Current> =
  /** `etag` as in `Outcome`; not where it was read back that it is done. */
  | { readonly result: 'done'; readonly etag?: string | undefined }
  | { readonly result: 'lost'; readonly current: Current | undefined };

export type Write<Current> = {
  readonly attempt: () => Promise<Outcome>;
  readonly readBack: () => Promise<Verdict<Current>>;
  /** Makes an attempt that is still on its way fail. */
  readonly fence: () => Promise<Outcome>;
};

/** `done` for the one caller whose write it is, `lost` with what won. Throws `Unavailable` after fencing. */
export const settle = async <Current>(write: Write<Current>): Promise<Settled<Current>> => {
  const startedAt = performance.now();
  let outcome = await write.attempt();
  while (outcome.kind === 'unknown' && performance.now() - startedAt < attemptsMilliseconds) {
    await pause(50 + Math.random() * 100);
    outcome = await write.attempt();
  }
  if (outcome.kind === 'done') return { result: 'done', etag: outcome.etag };
  const verdict = await write.readBack();
  if (verdict.whose === 'ours') return { result: 'done' };
  if (verdict.whose === 'another') return { result: 'lost', current: verdict.current };
  if (outcome.kind === 'conflict') return { result: 'lost', current: undefined };
  return fenced(write, outcome.cause);
};

const fenced = async <Current>(write: Write<Current>, cause: unknown): Promise<Settled<Current>> => {
  const fence = await write.fence();
  if (fence.kind === 'conflict') {
    const verdict = await write.readBack();
    if (verdict.whose === 'ours') return { result: 'done' };
    if (verdict.whose === 'another') return { result: 'lost', current: verdict.current };
  }
  throw new Unavailable('storage', { cause });
};
