/** Runs steps against a server and says what each took of the server, by its own counters and at the proxies. */
import { slope } from './statistics.ts';
import { chainedRefresh, connected, disconnect, type Flow, type Step, steps } from './steps.ts';
import type { Running, Subject } from './subjects.ts';
import { usageOf } from './usage.ts';
import type { Dependency, World } from './world.ts';

/** Of one run of one step. */
export type Cost = {
  readonly cpuMilliseconds: number;
  /** Requests at the proxies; a batch is one. */
  readonly calls: Readonly<Record<Dependency, number>>;
  /** Between the server and what it depends on, both directions. */
  readonly kilobytes: number;
};

/** Cost by step. */
export type Costs = Readonly<Record<string, Cost>>;

/** What one of `count` runs took that `action` makes one after another. */
export const measure = async (
  { proxies }: Pick<World, 'proxies'>,
  { child }: Pick<Running, 'child'>,
  { count, action }: { readonly count: number; readonly action: () => Promise<void> },
): Promise<Cost> => {
  for (const proxy of Object.values(proxies)) proxy.take();
  const before = await usageOf(child);
  await action();
  const after = await usageOf(child);
  const [storage, vault, identity] = [proxies.storage.take(), proxies.vault.take(), proxies.identity.take()];
  return {
    cpuMilliseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / 1000 / count,
    calls: {
      storage: storage.requests / count,
      vault: vault.requests / count,
      identity: identity.requests / count,
    },
    kilobytes: (storage.bytes + vault.bytes + identity.bytes) / 1000 / count,
  };
};

/** One round: `count` authorizations go through each step together, so that each step has a cost of its own. */
export const measureRound = async (world: World, subject: Subject, count: number): Promise<Costs> => {
  const flows = Array.from({ length: count }, (): Flow => ({}));
  const costs: Record<string, Cost> = {};
  for (const step of steps)
    costs[step.name] = await measure(world, subject, {
      count,
      action: async () => {
        for (const flow of flows) await step.run(subject, flow);
      },
    });
  const chain = await connected(subject);
  costs[chainedRefresh.name] = await measure(world, subject, {
    count,
    action: async () => {
      for (let turn = 0; turn < count; turn++) await chainedRefresh.run(subject, chain);
    },
  });
  await disconnect(subject, chain);
  return costs;
};

const delaysMilliseconds = [0, 25, 50];

/** By step: how many calls, one waiting for the other, are between a request and its answer. */
export const measureRoundTrips = async (
  world: World,
  subject: Subject,
  repeats: number,
): Promise<Readonly<Record<string, number>>> => {
  const points = new Map<Step, [number, number][]>(steps.map((step) => [step, []]));
  for (const delay of delaysMilliseconds) {
    setDelay(world, delay);
    const flows = Array.from({ length: repeats }, (): Flow => ({}));
    for (const step of steps) {
      const latencies: number[] = [];
      for (const flow of flows) latencies.push(await latencyOf(() => step.run(subject, flow)));
      // Whatever else the machine does only adds: the quickest is the one that waited for nothing but its calls.
      points.get(step)?.push([delay, Math.min(...latencies)]);
    }
  }
  setDelay(world, 0);
  return Object.fromEntries([...points].map(([{ name }, measured]) => [name, slope(measured)]));
};

/** Before every call to storage, vault and identity, from here on. */
export const setDelay = ({ proxies }: Pick<World, 'proxies'>, milliseconds: number): void => {
  for (const proxy of Object.values(proxies)) proxy.delayMilliseconds = milliseconds;
};

const latencyOf = async (action: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await action();
  return performance.now() - start;
};
