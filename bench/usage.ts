/** What a measured process says of itself. */
import { once } from 'node:events';
import type { Child } from '../local/child.ts';

/** The option that makes a child answer `usageOf`, for NODE_OPTIONS. */
export const countersOption = `--import=${new URL('./counters-preload.mjs', import.meta.url).href}`;

/** Since the process began, and now. */
export type Usage = {
  /** User and system time since the process began. */
  readonly cpuMicroseconds: number;
  /** Of that, while the host required the package; undefined where no host did. */
  readonly loadMicroseconds?: number;
  readonly residentBytes: number;
};

const patienceMilliseconds = 10_000;

/** Rejects when the process does not answer within ten seconds. */
export const usageOf = (child: Child): Promise<Usage> => ask(child, 'usage');

/** Bytes of JavaScript objects and buffers that are in use: what a collection of all garbage leaves. Rejects as `usageOf` does. */
export const heapOf = (child: Child): Promise<number> => ask(child, 'heap');

const ask = async <Answer>({ process: child }: Child, question: 'usage' | 'heap'): Promise<Answer> => {
  const answer = once(child, 'message', { signal: AbortSignal.timeout(patienceMilliseconds) });
  child.send(question);
  const [told] = (await answer) as [Answer];
  return told;
};
