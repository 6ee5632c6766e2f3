/** Grant and event rows: columns <-> values (keys: see `user-rows.ts`). */
import type { Family } from '../oauth/grants/family.ts';
import type { Grant, StoredGrant } from '../oauth/grants/grant.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import { type Lasting, usualLasting } from '../oauth/grants/lasting.ts';
import { familyIdLength } from '../oauth/tokens/locator.ts';
import type { Change } from './change.ts';
import { bytes, clearable, flag, json, mapped, optional, otherwise, rowOf, seconds, text } from './columns.ts';
import { permissions } from './permissions-column.ts';
import type { Row } from './table.ts';
import { type EventColumns, eventIdOf, grantRowKey, partitionOf, permissionsIn } from './user-rows.ts';

/** Ids, one behind the other. */
const ids = mapped(
  bytes,
  (all: readonly Buffer[]) => Buffer.concat(all),
  (joined): readonly Buffer[] =>
    Array.from({ length: Math.floor(joined.length / familyIdLength) }, (_, index) =>
      joined.subarray(index * familyIdLength, (index + 1) * familyIdLength),
    ),
);

const columns = rowOf({
  clientId: text(),
  permissions,
  declined: permissions,
  once: otherwise(permissions, []),
  lasting: otherwise(text<Lasting>(), usualLasting),
  byOperator: otherwise(permissions, []),
  grantedAt: seconds,
  connectedAt: optional(seconds),
  sessionAt: seconds,
  consentAt: seconds,
  expiresAt: seconds,
  idleExpiresAt: seconds,
  shownDigest: text(),
  clientName: text(),
  clientUri: clearable,
  clientPublisher: clearable,
  redirectHost: text(),
  redirectHosts: json<readonly string[]>(),
  families: ids,
  revoked: flag,
});

/** What the store itself looks at in a row, and sets beside the values. */
export type GrantColumns = Readonly<Record<string, unknown>> & Marks;
type Marks = {
  readonly revokedBy?: string;
  readonly narrowedBy?: string;
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

/** The insert of a grant, or its update if there is an ETag. */
export const grantChange = (
  { userKey, clientKey }: { readonly userKey: Buffer; readonly clientKey: Buffer },
  grant: Grant,
  etag: string | undefined,
  marks: Marks = {},
): Change => {
  const keys = { partitionKey: partitionOf(userKey), rowKey: grantRowKey(clientKey) };
  const row = { ...keys, ...columns.write(grant), keepUntil: grant.expiresAt, ...marks };
  return etag === undefined ? { insert: row } : { update: row, etag };
};

export const grantFrom = (row: Row<GrantColumns>): StoredGrant => ({ etag: row.etag, ...columns.read(row) });

/** Keys order events by the second; within one, whoever wrote them does (rows from before that: the store). */
export const newestFirst = (a: Row<EventColumns>, b: Row<EventColumns>): number =>
  b.at - a.at || (writtenAt(a) < writtenAt(b) ? 1 : -1);

const writtenAt = ({ written, timestamp }: Row<EventColumns>): string => written ?? String(Date.parse(timestamp));

/** An event and its name among the person's events. */
export type ListedEvent = HistoryEvent & { readonly id: string };

/** Of a row of the history, which holds no other kinds. */
export const eventFrom = ({
  rowKey,
  kind,
  at,
  clientId,
  clientName,
  permissions: about,
  details,
  order,
}: Row<EventColumns>): ListedEvent =>
  ({
    id: eventIdOf(rowKey),
    kind,
    at,
    clientId,
    clientName,
    ...(about === undefined ? {} : { permissions: permissionsIn(about) }),
    ...(details === undefined ? {} : { details: JSON.parse(details) }),
    ...(order === undefined ? {} : { order }),
  }) as ListedEvent;
