/** Where the next page of the audit log begins, sealed: a cursor is of one list with its filters, and of no other. */
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import type { Key } from '../../oauth/crypto.ts';
import type { Place } from '../../storage/audit-reader.ts';

const names = ['from', 'to', 'event', 'client', 'actor', 'person', 'subject'] as const;

/** Days and filters as they were asked for. */
type Filters = Readonly<Partial<Record<(typeof names)[number], string | undefined>>>;

const listOf = (kind: 'audit' | 'audit export', filters: Filters): string =>
  JSON.stringify([kind, ...names.map((name) => filters[name] ?? '')]);

type AuditCursors = {
  readonly next: (place: Place) => string;
  /** Throws `page_unknown` for what no page of the same list named. */
  readonly placeIn: (cursor: string | undefined) => Place | undefined;
};

/** Those of one list. */
export const auditCursors = (kind: 'audit' | 'audit export', filters: Filters, key: Key): AuditCursors => {
  const list = listOf(kind, filters);
  return {
    next: ({ day, key: row }) => sealCursor(list, `${day} ${row}`, key),
    placeIn: (cursor) => (cursor === undefined ? undefined : placeOf(openCursor(list, cursor, key))),
  };
};

const placeOf = (position: string): Place => {
  const [day = '', key = ''] = position.split(' ');
  return { day, key };
};
