/** Timer, every five minutes: tells services of sign-outs, and people by mail, of what they could not be told of at once. */
import type { Server } from '../../server.ts';

export const signOuts = {
  name: 'sign-outs',
  /** NCRONTAB: second, minute, hour, day, month, weekday. Not in the minute of the other one. */
  schedule: '30 2/5 * * * *',
  handle: async (server: Server): Promise<void> => {
    const { tellDue } = await import('../../flows/sign-out/due.ts');
    const report = await tellDue(server);
    server.log({ event: 'sign_outs_told', ...report });
    if (server.mail !== undefined) await (await import('./mail.ts')).sendDueMails(server);
  },
} as const;
