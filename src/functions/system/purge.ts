/**
 * Timer, every five minutes: deletes what expired long ago from the slice of the key space whose turn it is, and delivers
 * the events that a process which died has left there.
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
  },
} as const;
