/**
 * Writes that committed while storage went away for longer than `settle` waits. Only this process knows that nobody has what
 * they gave: without that, the retry that 503 asks for would look like a replay.
 */
export type Undelivered = {
  add(writeId: string): void;
  has(writeId: string | undefined): boolean;
  remove(writeId: string | undefined): void;
};

/** Beyond that the oldest is forgotten, and its retry counts as a replay. */
const limit = 10_000;

export const createUndelivered = (): Undelivered => {
  const ids = new Set<string>();
  return {
    add: (writeId) => {
      if (ids.size >= limit) ids.delete(ids.values().next().value ?? '');
      ids.add(writeId);
    },
    has: (writeId) => writeId !== undefined && ids.has(writeId),
    remove: (writeId) => void (writeId !== undefined && ids.delete(writeId)),
  };
};
