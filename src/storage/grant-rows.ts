/** Grant and event rows: columns <-> values (keys: see `user-rows.ts`). */
import type { Family } from '../oauth/family.ts';
import type { Grant, StoredGrant } from '../oauth/grant.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import { type FamilyColumns, familyFrom } from './families.ts';
import type { Change, Row } from './table.ts';
import { type EventColumns, grantRowKey, partitionOf } from './user-rows.ts';

export type GrantColumns = {
  readonly clientId: string;
  readonly permissions: string;
  readonly grantedAt: number;
  readonly shownDigest: string;
  readonly clientName: string;
  readonly clientUri?: string;
  readonly redirectHost: string;
  readonly familyCount: number;
  readonly revoked: boolean;
  readonly revokedBy?: string;
  readonly fencedBy?: string;
  readonly keepUntil?: number;
};

/** A grant with its families, in whatever state. */
export type Authorization = {
  readonly grant: StoredGrant;
  readonly clientKey: Buffer;
  readonly families: readonly Family[];
};

/** Rows of `grant:` in key order: each grant is followed by its families. */
export const authorizationsFrom = (
  userKey: Buffer,
  rows: readonly Row<FamilyColumns | GrantColumns>[],
): readonly Authorization[] => {
  const found: { grant: StoredGrant; clientKey: Buffer; families: Family[] }[] = [];
  for (const row of rows) {
    const [, clientHex = '', familyHex] = row.rowKey.split(':');
    const clientKey = Buffer.from(clientHex, 'hex');
    if (familyHex === undefined) found.push({ grant: grantFrom(row as Row<GrantColumns>), clientKey, families: [] });
    else if (found.at(-1)?.clientKey.equals(clientKey)) {
      // A grant is swept before its ended families are: those belong to nothing that can be shown.
      const address = { userKey, clientKey, familyId: Buffer.from(familyHex, 'hex') };
      found.at(-1)?.families.push(familyFrom(row as Row<FamilyColumns>, address));
    }
  }
  return found;
};

export const grantChange = (
  { userKey, clientKey }: { userKey: Buffer; clientKey: Buffer },
  { clientUri, ...grant }: Grant & { etag?: string },
  etag: string | undefined,
  marks: Pick<GrantColumns, 'revokedBy' | 'fencedBy' | 'keepUntil'> = {},
): Change => {
  const { etag: _, ...columns } = grant;
  const row = {
    partitionKey: partitionOf(userKey),
    rowKey: grantRowKey(clientKey),
    ...columns,
    permissions: JSON.stringify(grant.permissions),
    ...(clientUri === undefined ? {} : { clientUri }),
    ...marks,
  };
  return etag === undefined ? { insert: row } : { update: row, etag };
};

export const grantFrom = (row: Row<GrantColumns>): StoredGrant => ({
  etag: row.etag,
  clientId: row.clientId,
  permissions: JSON.parse(row.permissions),
  grantedAt: row.grantedAt,
  shownDigest: row.shownDigest,
  clientName: row.clientName,
  clientUri: row.clientUri,
  redirectHost: row.redirectHost,
  familyCount: row.familyCount,
  revoked: row.revoked,
});

/** Keys order events by the second; within one, the store's clock does. */
export const newestFirst = (a: Row<EventColumns>, b: Row<EventColumns>): number =>
  b.at - a.at || (a.timestamp < b.timestamp ? 1 : -1);

export const eventFrom = ({ kind, at, clientId, clientName, permissions }: Row<EventColumns>): HistoryEvent => ({
  kind,
  at,
  clientId,
  clientName,
  ...(permissions === undefined ? {} : { permissions: JSON.parse(permissions) }),
});
