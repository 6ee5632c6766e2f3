/** Family rows: columns <-> values (keys: see `user-rows.ts`). */
import { base64url } from '../oauth/crypto.ts';
import type { EndReason, Family, Lineage } from '../oauth/family.ts';
import type { FamilyAddress } from '../oauth/locator.ts';
import type { Change, Row } from './table.ts';
import { familyRowKey, partitionOf, personFrom } from './user-rows.ts';

export type FamilyColumns = {
  readonly state: Family['state'];
  readonly clientId: string;
  readonly scopes: string;
  readonly resources: string;
  readonly redirectUri: string;
  readonly createdAt: number;
  readonly sessionAt: number;
  readonly consentAt: number;
  readonly consentExpiresAt: number;
  readonly isCrowded?: boolean;
  readonly authTime?: number;
  /** JSON of `oauth/person.ts`. */
  readonly person?: string;
  readonly codeHash: string;
  readonly codeChallenge: string;
  readonly codeExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly familyBytesHash?: string;
  readonly currentHash?: string;
  readonly previousHash?: string;
  readonly salt?: string;
  readonly rotatedAt?: number;
  readonly graceUses?: number;
  readonly graceStreak?: number;
  readonly idleExpiresAt?: number;
  readonly revokedTokens?: string;
  readonly createdBy: string;
  readonly redeemedBy?: string;
  readonly rotatedBy?: string;
  readonly countedBy?: string;
  readonly endedBy?: string;
  readonly endReason?: EndReason;
  readonly endedAt?: number;
  readonly fencedBy?: string;
  readonly keepUntil: number;
};

/** The field in which a transition leaves the id of the attempt that made it. */
export type WriteIdField = 'redeemedBy' | 'rotatedBy' | 'countedBy' | 'endedBy' | 'fencedBy';

/** A row that has ended is of use to nobody; a request that began before may still look at it. */
export const endedFamilySeconds = 3_600;

/** The insert of a new family in state `code`. */
export const familyInsert = (family: Omit<Family, 'etag' | 'modifiedAt'>): Change => ({ insert: rowOf(family) });

/** The conditional update that replaces a family's row: the row is wholly ours. */
export const familyChange = (family: Family, writeId: Partial<Record<WriteIdField, string>>): Change => ({
  update: { ...rowOf(family), ...writeId },
  etag: family.etag,
});

const rowOf = (family: Omit<Family, 'etag' | 'modifiedAt'>) => ({
  partitionKey: partitionOf(family.address.userKey),
  rowKey: familyRowKey(family.address),
  state: family.state,
  clientId: family.clientId,
  scopes: JSON.stringify(family.scopes),
  resources: JSON.stringify(family.resources),
  redirectUri: family.redirectUri,
  createdAt: family.createdAt,
  sessionAt: family.sessionAt,
  consentAt: family.consentAt,
  consentExpiresAt: family.consentExpiresAt,
  isCrowded: family.isCrowded,
  codeHash: base64url(family.codeHash),
  codeChallenge: family.codeChallenge,
  codeExpiresAt: family.codeExpiresAt,
  absoluteExpiresAt: family.absoluteExpiresAt,
  createdBy: family.createdBy,
  keepUntil: family.keepUntil,
  ...defined({
    authTime: family.authTime,
    person: family.person && JSON.stringify(family.person),
    redeemedBy: family.redeemedBy,
    rotatedBy: family.rotatedBy,
    countedBy: family.countedBy,
    endedBy: family.endedBy,
    endReason: family.endReason,
    endedAt: family.endedAt,
    revokedTokens: family.revokedTokens.length === 0 ? undefined : JSON.stringify(family.revokedTokens),
  }),
  ...(family.lineage === undefined ? {} : lineageColumns(family.lineage)),
});

const lineageColumns = (lineage: Lineage) => ({
  familyBytesHash: base64url(lineage.familyBytesHash),
  currentHash: base64url(lineage.currentHash),
  rotatedAt: lineage.rotatedAt,
  graceUses: lineage.graceUses,
  graceStreak: lineage.graceStreak,
  idleExpiresAt: lineage.idleExpiresAt,
  ...defined({
    previousHash: lineage.previousHash && base64url(lineage.previousHash),
    salt: lineage.salt && base64url(lineage.salt),
  }),
});

/** Ends a family whose row nobody has read, and that may be gone. */
export const familyEnd = (
  address: FamilyAddress,
  { reason, at, writeId }: { readonly reason: EndReason; readonly at: number; readonly writeId: string },
): Change => ({
  upsert: {
    partitionKey: partitionOf(address.userKey),
    rowKey: familyRowKey(address),
    state: 'ended',
    endReason: reason,
    endedAt: at,
    endedBy: writeId,
    keepUntil: at + endedFamilySeconds,
  },
});

export const familyRemoval = ({ address }: Family): Change => ({
  remove: { partitionKey: partitionOf(address.userKey), rowKey: familyRowKey(address) },
});

/** False for what `familyEnd` left of a row that was gone already. */
export const isWhole = (row: FamilyColumns): boolean => row.codeHash !== undefined;

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
  state: row.state,
  clientId: row.clientId,
  scopes: JSON.parse(row.scopes),
  resources: JSON.parse(row.resources),
  redirectUri: row.redirectUri,
  createdAt: row.createdAt,
  sessionAt: row.sessionAt,
  consentAt: row.consentAt,
  consentExpiresAt: row.consentExpiresAt,
  isCrowded: row.isCrowded ?? false,
  authTime: row.authTime,
  person: personFrom(row),
  codeHash: Buffer.from(row.codeHash, 'base64url'),
  codeChallenge: row.codeChallenge,
  codeExpiresAt: row.codeExpiresAt,
  absoluteExpiresAt: row.absoluteExpiresAt,
  lineage: lineageFrom(row),
  revokedTokens: row.revokedTokens === undefined ? [] : JSON.parse(row.revokedTokens),
  createdBy: row.createdBy,
  redeemedBy: row.redeemedBy,
  rotatedBy: row.rotatedBy,
  countedBy: row.countedBy,
  endedBy: row.endedBy,
  endReason: row.endReason,
  endedAt: row.endedAt,
  keepUntil: row.keepUntil,
});

const lineageFrom = (row: Row<FamilyColumns>): Lineage | undefined =>
  row.familyBytesHash === undefined || row.currentHash === undefined
    ? undefined
    : {
        familyBytesHash: Buffer.from(row.familyBytesHash, 'base64url'),
        currentHash: Buffer.from(row.currentHash, 'base64url'),
        previousHash: row.previousHash === undefined ? undefined : Buffer.from(row.previousHash, 'base64url'),
        salt: row.salt === undefined ? undefined : Buffer.from(row.salt, 'base64url'),
        rotatedAt: row.rotatedAt ?? row.createdAt,
        graceUses: row.graceUses ?? 0,
        graceStreak: row.graceStreak ?? 0,
        idleExpiresAt: row.idleExpiresAt ?? row.absoluteExpiresAt,
      };

const defined = <T extends Record<string, unknown>>(columns: T): Partial<T> =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<T>;
