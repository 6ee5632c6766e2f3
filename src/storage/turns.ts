/**
 * One queue per row and process. Writers that compete for a row by its ETag cost each other a read and a write for every
 * loss; those of one process need not compete at all.
 */
export type Turns = {
  /** Runs `task` when those before it for `key` have ended; `waited` says that the row may have changed meanwhile. */
  take<Result>(key: string, task: (waited: boolean) => Promise<Result>): Promise<Result>;
};

export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (key, task) => {
      const before = last.get(key);
      const run = before === undefined ? task(false) : before.then(() => task(true));
      // Who waits does not care how the one before ended.
      const settled = run.catch(() => undefined).finally(() => last.get(key) === settled && last.delete(key));
      last.set(key, settled);
      return run;
    },
  };
};
