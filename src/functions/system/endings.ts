/** Timer, every five minutes: goes on with what operators have had ended, where a process died or had no more time. */
import type { Server } from '../../server.ts';

export const endings = {
  name: 'endings',
  /** NCRONTAB: second, minute, hour, day, month, weekday. Not in the minute of the others. */
  schedule: '15 4/5 * * * *',
  handle: async (server: Server): Promise<void> => {
    const { workAtAll } = await import('../../flows/operators/ending-work.ts');
    await workAtAll(server);
  },
} as const;
