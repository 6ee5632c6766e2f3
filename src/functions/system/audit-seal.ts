/** Timer, every hour: seals the day of the audit log that has ended, deletes the one that is old enough, tells of keys, and counts. */
import type { Server } from '../../server.ts';

export const auditSeal = {
  name: 'audit-seal',
  /** NCRONTAB: second, minute, hour, day, month, weekday. Twenty minutes after midnight, and again while that did not go well. */
  schedule: '0 20 * * * *',
  handle: async (server: Server): Promise<void> => {
    const { sealDays } = await import('../../flows/audit/seal.ts');
    const { tellOfKeys } = await import('../../flows/audit/keys.ts');
    const { retainDays } = await import('../../flows/audit/retain.ts');
    await sealDays(server);
    await retainDays(server);
    await tellOfKeys(server);
    const { countServices } = await import('../../flows/operators/survey.ts');
    await countServices(server);
  },
} as const;
