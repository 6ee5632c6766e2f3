/**
 * Timer, every five minutes: deletes what expired long ago from the slice of the key space whose turn it is, and delivers
 * the events that a process which died has left there, and puts the index of authorizations in order.
 */
import type { Server } from '../../server.ts';

export const purge = {
  name: 'purge',
  /** NCRONTAB: second, minute, hour, day, month, weekday. */
  schedule: '0 */5 * * * *',
  handle: async (server: Server): Promise<void> => {
    server.refusals.flush(server.clock());
    const report = await server.store.sweep();
    server.log({ event: 'purged', ...report });
    await server.courier.heal();
    const repaired = await server.store.indexUpkeep.repair();
    if (repaired.differing + repaired.recounted > 0) server.log({ event: 'index_repaired', ...repaired });
  },
} as const;
