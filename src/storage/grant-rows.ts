/** Grant and event rows: columns <-> values (keys: see `user-rows.ts`). */
import { base64url } from '../oauth/crypto.ts';
import type { Family } from '../oauth/family.ts';
import { byResource, fromResources, type Grant, type StoredGrant } from '../oauth/grant.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import { familyIdLength } from '../oauth/locator.ts';
import type { Change, Row } from './table.ts';
import { type EventColumns, grantRowKey, partitionOf } from './user-rows.ts';

export type GrantColumns = {
  readonly clientId: string;
  /** JSON: pairs of a resource and its scopes, as `byResource` makes them; so is `declined`. */
  readonly permissions: string;
  readonly declined: string;
  readonly grantedAt: number;
  readonly sessionAt: number;
  readonly consentAt: number;
  readonly expiresAt: number;
  readonly idleExpiresAt: number;
  readonly shownDigest: string;
  readonly clientName: string;
  readonly clientUri?: string;
  readonly redirectHost: string;
  readonly redirectHosts: string;
  /** Base64url of the ids of the families, one behind the other. */
  readonly families: string;
  readonly revoked: boolean;
  readonly revokedBy?: string;
  readonly fencedBy?: string;
  readonly keepUntil?: number;
};

/** A grant with those of its families whose rows are there, in whatever state. */
export type Authorization = {
  readonly grant: StoredGrant;
  readonly clientKey: Buffer;
  readonly families: readonly Family[];
};

/** Grants with their families. Families without a grant belong to nothing that can be shown. */
export const authorizationsFrom = (
  grants: readonly Row<GrantColumns>[],
  families: readonly Family[],
): readonly Authorization[] => {
  const byClient = Map.groupBy(families, ({ address }) => address.clientKey.toString('hex'));
  return grants.map((row) => {
    const clientHex = row.rowKey.slice('grant:'.length);
    return {
      grant: grantFrom(row),
      clientKey: Buffer.from(clientHex, 'hex'),
      families: byClient.get(clientHex) ?? [],
    };
  });
};

export const grantChange = (
  { userKey, clientKey }: { readonly userKey: Buffer; readonly clientKey: Buffer },
  { clientUri, ...grant }: Grant & { readonly etag?: string },
  etag: string | undefined,
  marks: Pick<GrantColumns, 'revokedBy' | 'fencedBy' | 'keepUntil'> = {},
): Change => {
  const { etag: _, ...columns } = grant;
  const row = {
    partitionKey: partitionOf(userKey),
    rowKey: grantRowKey(clientKey),
    ...columns,
    permissions: JSON.stringify(byResource(grant.permissions)),
    declined: JSON.stringify(byResource(grant.declined)),
    redirectHosts: JSON.stringify(grant.redirectHosts),
    families: base64url(Buffer.concat(grant.families)),
    keepUntil: grant.expiresAt,
    ...(clientUri === undefined ? {} : { clientUri }),
    ...marks,
  };
  return etag === undefined ? { insert: row } : { update: row, etag };
};

export const grantFrom = (row: Row<GrantColumns>): StoredGrant => ({
  etag: row.etag,
  clientId: row.clientId,
  permissions: fromResources(JSON.parse(row.permissions)),
  declined: fromResources(JSON.parse(row.declined)),
  grantedAt: row.grantedAt,
  sessionAt: row.sessionAt,
  consentAt: row.consentAt,
  expiresAt: row.expiresAt,
  idleExpiresAt: row.idleExpiresAt,
  shownDigest: row.shownDigest,
  clientName: row.clientName,
  clientUri: row.clientUri,
  redirectHost: row.redirectHost,
  redirectHosts: JSON.parse(row.redirectHosts),
  families: idsFrom(row.families),
  revoked: row.revoked,
});

const idsFrom = (text: string): readonly Buffer[] => {
  const bytes = Buffer.from(text, 'base64url');
  const count = Math.floor(bytes.length / familyIdLength);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * familyIdLength, (index + 1) * familyIdLength),
  );
};

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
