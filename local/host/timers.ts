/** Runs timer functions on their schedule: never two runs of one function at once, a missed run once. */
import { parseSchedule } from './schedule.ts';
import type { LoadedFunction, Log, Worker } from './worker.ts';

export type Timers = {
  readonly names: readonly string[];
  /** Starts one run now and gives its end, which never rejects; undefined when there is no such timer function. */
  runOnce(name: string): Promise<void> | undefined;
  stop(): void;
};

const scheduleOf = ({ metadata }: LoadedFunction): string | undefined =>
  Object.values(metadata.bindings).find((binding) => binding.type.toLowerCase() === 'timertrigger')?.schedule;

type TimerOptions = {
  readonly worker: Worker;
  readonly log: Log;
  /** False leaves every run to `runOnce`: tests that count what a run does allow no other one beside it. */
  readonly areScheduled: boolean;
};

/** Watches the clock every second, rather than sleeping until the next run, so that a moved clock counts. */
export const startTimers = ({ worker, log, areScheduled }: TimerOptions): Timers => {
  const timers = worker.functions.flatMap((loaded) => {
    const expression = scheduleOf(loaded);
    if (expression === undefined) return [];
    const schedule = parseSchedule(expression);
    return [
      { loaded, schedule, next: schedule.next(Date.now()), last: undefined as number | undefined, running: false },
    ];
  });
  type Timer = (typeof timers)[number];

  const run = async (timer: Timer): Promise<void> => {
    const { name } = timer.loaded.metadata;
    timer.running = true;
    try {
      await worker.invoke(timer.loaded, { json: JSON.stringify(timerInfo(timer)) });
      timer.last = Date.now();
    } catch (error) {
      log('error', name, error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      timer.running = false;
    }
  };

  const tick = setInterval(() => {
    if (!areScheduled) return;
    for (const timer of timers) {
      if (timer.running || Date.now() < timer.next) continue;
      timer.next = timer.schedule.next(Date.now());
      void run(timer);
    }
  }, 1000);
  tick.unref();

  return {
    names: timers.map((timer) => timer.loaded.metadata.name),
    runOnce: (name) => {
      const timer = timers.find((candidate) => candidate.loaded.metadata.name.toLowerCase() === name.toLowerCase());
      return timer === undefined ? undefined : run(timer);
    },
    stop: () => clearInterval(tick),
  };
};

/** Member names as on the wire, in .NET's spelling; the library turns them into camel case. */
const timerInfo = ({ next, last }: { readonly next: number; readonly last: number | undefined }) => ({
  Schedule: { AdjustForDST: true },
  ScheduleStatus: {
    Last: new Date(last ?? 0).toISOString(),
    Next: new Date(next).toISOString(),
    LastUpdated: new Date(last ?? 0).toISOString(),
  },
  IsPastDue: false,
});
