/** Operators see when a service was last used, and what was refused to it: noted after the answer, and rarely. */
import type { Server } from '../../server.ts';

/** Once a day for a service and instance; where that could not be written, the next use is. */
export const noteUse = (clientId: string, { limits, clock, store, afterwards }: Server): void => {
  const [key, now] = [`use of ${clientId}`, clock()];
  if (!limits.reminders.take(key, now)) return;
  afterwards(() =>
    store.clientUse.used(clientId, now).catch((error: unknown) => {
      limits.reminders.give(key, clock());
      throw error;
    }),
  );
};

type Counted = {
  readonly client_id?: string | undefined;
  readonly error: string;
  readonly reason?: string | undefined;
  readonly count: number;
};

/** Writes down what was refused in the minute before, of each service that was named. Throws `Unavailable`. */
export const noteRefusals = async (
  refusals: readonly Counted[],
  at: number,
  clientUse: Server['store']['clientUse'],
): Promise<void> => {
  for (const [clientId, ofClient] of Map.groupBy(refusals, ({ client_id }) => client_id)) {
    if (clientId === undefined) continue;
    const counts: Record<string, number> = {};
    for (const { reason, error, count } of ofClient) counts[reason ?? error] = (counts[reason ?? error] ?? 0) + count;
    await clientUse.refused(clientId, at, counts);
  }
};
