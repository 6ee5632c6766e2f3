/** Family rows: columns <-> values (keys: see `user-rows.ts`). */

import type { AuthorizationDetail } from '../oauth/access/details.ts';
import type { Person } from '../oauth/access/person.ts';
import type { EndReason, Family, FamilyOpenid, RevokedToken } from '../oauth/grants/family.ts';
import type { Use } from '../oauth/grants/use.ts';
import type { FamilyAddress } from '../oauth/tokens/locator.ts';
import type { Change } from './change.ts';
import {
  bytes,
  clearable,
  flag,
  group,
  json,
  mapped,
  named,
  number,
  optional,
  otherwise,
  rowOf,
  seconds,
  text,
  type ValuesOf,
} from './columns.ts';
import type { Row } from './table.ts';
import { familyRowKey, partitionOf } from './user-rows.ts';

/** A client that no longer rotates loses what is left of rotating: nothing but the current token is good then. */
const clearableBytes = mapped<Buffer | undefined, string | undefined>(
  clearable,
  (value) => value?.toString('base64url'),
  (cell) => (cell === undefined ? undefined : Buffer.from(cell, 'base64url')),
);

const lineage = group(
  {
    jkt: optional(text()),
    familyBytesHash: bytes,
    currentHash: bytes,
    previousHash: clearableBytes,
    salt: clearableBytes,
    rotatedAt: seconds,
    graceUses: number,
    graceStreak: number,
    idleExpiresAt: seconds,
  },
  'familyBytesHash',
);

const code = group(
  {
    codeHash: bytes,
    codeChallenge: optional(text()),
    codeExpiresAt: seconds,
    redirectUri: text(),
    dpopJkt: optional(text()),
  },
  'codeHash',
);

const use = group({ by: named('usedBy', text<Use['by']>()), from: named('usedFrom', clearable) }, 'usedBy');

const device = group({ deviceCodeHash: bytes, deviceCodeExpiresAt: seconds }, 'deviceCodeHash');

const columns = rowOf({
  state: text<Family['state']>(),
  clientId: text(),
  scopes: json<readonly string[]>(),
  resources: json<readonly string[]>(),
  details: named('authorizationDetails', optional(json<readonly AuthorizationDetail[]>())),
  createdAt: seconds,
  sessionAt: seconds,
  consentAt: seconds,
  consentExpiresAt: seconds,
  isOnce: flag,
  isCrowded: flag,
  authTime: optional(seconds),
  acr: optional(text()),
  amr: optional(json<readonly string[]>()),
  person: optional(json<Person>()),
  openid: optional(json<FamilyOpenid>()),
  operatorApproved: optional(json<readonly string[]>()),
  byOperator: optional(json<readonly string[]>()),
  code,
  device,
  absoluteExpiresAt: seconds,
  lineage,
  use,
  revokedTokens: otherwise(json<readonly RevokedToken[]>(), []),
  tokens: otherwise(number, 0),
  tokensSince: otherwise(seconds, 0),
  createdBy: text(),
  redeemedBy: optional(text()),
  rotatedBy: optional(text()),
  countedBy: optional(text()),
  endedBy: optional(text()),
  endReason: optional(text<EndReason>()),
  endedAt: optional(seconds),
  keepUntil: seconds,
});

/** What the store itself looks at in a row. */
export type FamilyColumns = Readonly<Record<string, unknown>> & {
  readonly [Name in WriteIdField]?: string;
};

/** The field in which a transition leaves the id of the attempt that made it. */
export type WriteIdField = 'redeemedBy' | 'rotatedBy' | 'countedBy' | 'endedBy' | 'fencedBy' | 'createdBy';

/** A row that has ended is of use to nobody; a request that began before may still look at it. */
export const endedFamilySeconds = 3_600;

const keysOf = (address: FamilyAddress) => ({
  partitionKey: partitionOf(address.userKey),
  rowKey: familyRowKey(address),
});

/** The insert of a new family in state `code`. */
export const familyInsert = (family: ValuesOf<typeof columns> & Pick<Family, 'address'>): Change => ({
  insert: { ...keysOf(family.address), ...columns.write(family) },
});

/** The conditional update of a family's row: what changes, and whose write it is. */
export const familyChange = (
  { address, etag }: Pick<Family, 'address' | 'etag'>,
  changes: Partial<Family>,
  writeId: Partial<Record<WriteIdField, string>>,
): Change => ({
  update: { ...keysOf(address), ...columns.writeSome(changes), ...writeId },
  etag,
});

/** Ends a family whose row nobody has read, and that may be gone. */
export const familyEnd = (
  address: FamilyAddress,
  { reason, at, writeId }: { readonly reason: EndReason; readonly at: number; readonly writeId: string },
): Change => ({
  upsert: {
    ...keysOf(address),
    state: 'ended',
    endReason: reason,
    endedAt: at,
    endedBy: writeId,
    keepUntil: at + endedFamilySeconds,
  },
});

export const familyRemoval = ({ address }: Family): Change => ({ remove: keysOf(address) });

/** False for what `familyEnd` left of a row that was gone already. */
export const isWhole = (row: FamilyColumns): boolean => row.createdBy !== undefined;

/** Rows of `family:`, whatever their clients. */
export const familiesFrom = (userKey: Buffer, rows: readonly Row<FamilyColumns>[]): readonly Family[] =>
  rows.filter(isWhole).map((row) => {
    const [, clientHex = '', familyHex = ''] = row.rowKey.split(':');
    const address = { userKey, clientKey: Buffer.from(clientHex, 'hex'), familyId: Buffer.from(familyHex, 'hex') };
    return familyFrom(row, address);
  });

export const familyFrom = (row: Row<FamilyColumns>, address: FamilyAddress): Family => ({
  address,
  etag: row.etag,
  modifiedAt: row.timestamp,
  ...columns.read(row),
});
