/** An event comes into the day of its own instant, or, once that is closed, into the day on which it comes: once. */
import { describe, expect, it } from 'vitest';
import { auditConsumer } from '../../../src/flows/audit/deliver.ts';
import type { AuditEvent, StoredEvent } from '../../../src/oauth/audit/event.ts';
import type { Audit } from '../../../src/storage/audit.ts';

const at = (text: string): number => Date.parse(text) / 1000;

const eventAt = (text: string): StoredEvent => ({
  kind: 'authorized',
  at: at(text),
  clientId: 'app-1',
  clientName: 'App',
  id: text,
  userKey: Buffer.alloc(32, 1),
  rowKey: `history:${text}`,
});

const memoryAudit = () => {
  const days = new Map<string, Map<string, AuditEvent>>();
  const dayOf = (day: string) => days.get(day) ?? new Map<string, AuditEvent>();
  const audit: Audit = {
    record: async () => undefined,
    append: async (day, events) => {
      days.set(day, new Map([...dayOf(day), ...events.map((event) => [event.id, event] as const)]));
    },
    has: async (day, event) => dayOf(day).has(event.id),
  };
  return {
    audit,
    held: () => [...days].flatMap(([day, events]) => [...events.keys()].map((id) => `${day} has ${id}`)),
  };
};

describe('an event', () => {
  it('comes into its own day, also in the first ten minutes after it', async () => {
    const { audit, held } = memoryAudit();
    await auditConsumer(audit, () => at('2026-11-22T00:09:59Z'))([
      eventAt('2026-11-21T23:59:59Z'),
      eventAt('2026-11-22T00:09:58Z'),
    ]);
    expect(held()).toEqual(['2026-11-21 has 2026-11-21T23:59:59Z', '2026-11-22 has 2026-11-22T00:09:58Z']);
  });

  it('comes into the present day when its own is closed', async () => {
    const { audit, held } = memoryAudit();
    await auditConsumer(audit, () => at('2026-11-23T07:00:00Z'))([eventAt('2026-11-21T10:00:00Z')]);
    expect(held()).toEqual(['2026-11-23 has 2026-11-21T10:00:00Z']);
  });

  it('is not there twice, whichever day has it already', async () => {
    for (const before of ['2026-11-21T10:00:01Z', '2026-11-22T08:00:00Z']) {
      const { audit, held } = memoryAudit();
      for (const now of [before, '2026-11-23T07:00:00Z', '2026-11-24T07:00:00Z'])
        await auditConsumer(audit, () => at(now))([eventAt('2026-11-21T10:00:00Z')]);
      expect(held()).toEqual([`${before.slice(0, 10)} has 2026-11-21T10:00:00Z`]);
    }
  });
});
