/** The names of events are kept: docs/audit.md has each, and no two things are called the same. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { acts, auditEventOf, logLineOf, personEvents } from '../../src/oauth/audit/event.ts';

const document = new URL('../../docs/audit.md', import.meta.url);

const table = (): string => {
  const ofPeople = Object.values(personEvents).map(
    ({ event, v, by, about }) => `| \`${event}\` | ${v} | ${by} | ${about} |`,
  );
  const ofOperators = Object.values(acts).map(
    ({ event, v, about }) => `| \`${event}\` | ${v} | whoever did it | ${about} |`,
  );
  return ['| event | v | who | when |', '|---|---|---|---|', ...ofPeople, ...ofOperators].join('\n');
};

describe('events of the audit log', () => {
  it('are all in docs/audit.md (UPDATE_DOCS=1 writes them)', () => {
    const text = readFileSync(document, 'utf8');
    const expected = text.replace(/(<!-- events -->\n)[\s\S]*?(\n<!-- \/events -->)/, `$1${table()}$2`);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(document, expected);
    expect(readFileSync(document, 'utf8')).toBe(expected);
  });

  it('have names of one form, each once', () => {
    const names = [...Object.values(personEvents), ...Object.values(acts)].map(({ event }) => event);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });

  it('name the service as the one who acts where no person does', () => {
    const userKey = Buffer.alloc(32, 1);
    const event = { kind: 'evicted', at: 7, clientId: 'app-1', clientName: 'App', family: 'f' } as const;
    const stored = { ...event, id: 'x', rowKey: 'audit:1:x', userKey, source: '192.0.2.1', correlation: 'c' };
    expect(auditEventOf(stored)).toMatchObject({
      event: 'session.evicted',
      actor: { by: 'client', id: 'app-1' },
      person: userKey.toString('hex'),
      details: { family: 'f' },
    });
    expect(auditEventOf({ ...stored, kind: 'revoked by user' })).toMatchObject({
      actor: { by: 'person', id: userKey.toString('hex') },
    });
  });

  it('are lines that say what they are, and hold nothing that is not there', () => {
    const line = logLineOf({ id: 'x', at: 7, event: 'not_before.set', v: 1, actor: { by: 'operator', id: 'op' } });
    expect(JSON.parse(JSON.stringify(line))).toEqual({
      event: 'audit',
      name: 'not_before.set',
      id: 'x',
      at: 7,
      v: 1,
      actor_kind: 'operator',
      actor: 'op',
    });
  });
});
