/** What a measured process says of itself. */
import { once } from 'node:events';
import type { Child } from '../local/child.ts';

/** The option that makes a child answer `usageOf`, for NODE_OPTIONS. */
export const countersOption = `--import=${new URL('./counters-preload.mjs', import.meta.url).href}`;

/** Since the process began, and now. */
export type Usage = {
  /** User and system time since the process began. */
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
};

const patienceMilliseconds = 10_000;

/** Rejects when the process does not answer within ten seconds. */
export const usageOf = async ({ process: child }: Child): Promise<Usage> => {
  const answer = once(child, 'message', { signal: AbortSignal.timeout(patienceMilliseconds) });
  child.send('usage');
  const [usage] = (await answer) as [Usage];
  return usage;
};
