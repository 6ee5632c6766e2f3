/** What is older than the audit log reaches back goes, whole days at a time, and the log says so before. */
import type { Server } from '../../server.ts';
import { dayOf } from '../../storage/audit.ts';

const daySeconds = 86_400;

/** The host ends what runs for longer than a few minutes. */
const runMilliseconds = 120_000;

/** Only days that have been sealed: their seals stay, and tell what has been there. Throws `Unavailable`. */
export const retainDays = async (server: Server): Promise<void> => {
  const { store, clock, config } = server;
  const lastDay = dayOf(clock() - config.auditSeconds - daySeconds);
  const done = await store.auditRetention.deletedUpTo();
  const due = (await store.seals.between(done === undefined ? '0' : `${done}~`, lastDay)).map(({ day }) => day);
  const [from] = due;
  if (from === undefined) return;
  if (!(await store.auditRetention.isAllowed())) return noteForbidden(server);
  const details = { from, to: due.at(-1) };
  await store.audit.record({
    action: 'purge audit',
    actor: { by: 'deployment', id: 'retention' },
    target: 'audit',
    details,
  });
  const endsAt = performance.now() + runMilliseconds;
  for (const day of due) if (performance.now() < endsAt) await store.auditRetention.remove(day);
};

/** Once a day. */
const noteForbidden = ({ limits, clock, log }: Server): void => {
  if (limits.reminders.take('audit retention', clock()))
    log({ level: 'warning', event: 'audit_retention_forbidden', reason: 'the app may only add to the audit log' });
};
