/** Events of people come into the audit log, each into the day of its own instant while that day is open. */
import { type AuditEvent, auditEventOf } from '../../oauth/audit/event.ts';
import type { Clock } from '../../oauth/crypto.ts';
import { type Audit, dayOf } from '../../storage/audit.ts';
import type { Consumer } from './courier.ts';

const daySeconds = 86_400;

/** After its end a day takes what happened in its last minutes; its chain is made later than that (`seal.ts`). */
export const openAfterDaySeconds = 600;

/** Who was delivered late is looked for on so many days, lest it be there twice. */
const daysSearched = 30;

/** Adds them to the audit log. */
export const auditConsumer =
  (audit: Audit, clock: Clock): Consumer =>
  async (events) => {
    const now = clock();
    const entries = events.map(auditEventOf);
    const inTime = entries.filter((event) => isOpen(dayOf(event.at), now));
    for (const [day, ofDay] of Map.groupBy(inTime, ({ at }) => dayOf(at))) await audit.append(day, ofDay);
    for (const event of entries.filter((one) => !inTime.includes(one))) await deliverLate(audit, event, now);
  };

/** True until the chain of the day may be made. */
const isOpen = (day: string, now: number): boolean => now < Date.parse(day) / 1000 + daySeconds + openAfterDaySeconds;

/** Into the present day, unless a process that died before it could say so has delivered it. */
const deliverLate = async (audit: Audit, event: AuditEvent, now: number): Promise<void> => {
  const today = dayOf(now);
  for (let at = Math.max(event.at, now - daysSearched * daySeconds); dayOf(at) < today; at += daySeconds)
    if (await audit.has(dayOf(at), event)) return;
  await audit.append(today, [event]);
};
