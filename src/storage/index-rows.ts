/**
 * Table `index`: what lies in people's partitions, found from the other side. It follows from the table `users`, and nobody
 * decides anything by it: the courier brings it up to date within a second or two (`flows/audit/indexed.ts`), and what a
 * process left behind when it died is repaired (`index-repair.ts`).
 *
 *   PartitionKey hex of a client key    RowKey count:<slot>      count: how many rows of people there are in that slot
 *                                              errors:<day>, used   (see `client-use.ts`)
 *                                              user:<userKey>    the columns below: one person's authorization of the client
 *   PartitionKey hex of SHA-256 of an   RowKey person:<userKey>  accountName: somebody whose account has that name
 *                account name in lower case
 *
 * A slot is the first digit of the user key, so that sixteen writers can add at once. Whatever adds or removes a row sets the
 * slot's counter in the same batch, on the condition that it is as it was read: so the sum of sixteen rows, one read, is exact.
 */
import { base64url, sha256 } from '../oauth/crypto.ts';
import { type Grant, isInForce } from '../oauth/grants/grant.ts';
import type { Instants } from '../oauth/grants/not-before.ts';
import { number, rowOf, seconds, text } from './columns.ts';
import type { FamilyOwner } from './families.ts';
import type { Row } from './table.ts';

/** An authorization as the index holds it. */
export type IndexEntry = FamilyOwner & {
  readonly clientId: string;
  readonly clientName: string;
  /** As they were called when the row was written. */
  readonly displayName: string;
  readonly accountName: string;
  /** Epoch seconds, as in the grant. */
  readonly grantedAt: number;
  readonly consentAt: number;
  readonly sessionAt: number;
  readonly expiresAt: number;
  readonly permissionCount: number;
  /** Eight characters for each permission; empty when they are too many to be listed. */
  readonly digests: string;
};

export const slotOf = (userKey: Buffer): string => userKey.toString('hex').slice(0, 1);

export const entryPrefix = 'user:';
export const counterPrefix = 'count:';
export const personPrefix = 'person:';

export const entryKeys = ({ userKey, clientKey }: FamilyOwner) => ({
  partitionKey: clientKey.toString('hex'),
  rowKey: `${entryPrefix}${userKey.toString('hex')}`,
});

const names = rowOf({ displayName: text(), accountName: text() });

const facts = rowOf({
  clientId: text(),
  clientName: text(),
  grantedAt: seconds,
  consentAt: seconds,
  sessionAt: seconds,
  expiresAt: seconds,
  permissionCount: number,
  digests: text(),
});

export type EntryColumns = Readonly<Record<string, unknown>>;

/** What a row says of the grant; the names of the person are beside it. */
export type EntryFacts = Readonly<Record<string, string | number | boolean>>;

const digestLength = 8;

/** More would not fit into a column; nobody has as many. */
const digestsLimit = 3_000;

const digestOf = (permission: string): string => base64url(sha256(permission).subarray(0, 6));

/** False when the authorization does not hold this permission; true when it does, or may. */
export const mayHold = ({ digests, permissionCount }: IndexEntry, permission: string): boolean => {
  if (permissionCount > digestsLimit) return true;
  const wanted = digestOf(permission);
  for (let at = 0; at < digests.length; at += digestLength) if (digests.startsWith(wanted, at)) return true;
  return false;
};

/** What the index is to hold of a grant; undefined for one that allows nothing any more. */
export const factsOf = (grant: Grant, now: number, instants: Instants): EntryFacts | undefined => {
  const permissions = [...new Set([...grant.permissions, ...grant.once])];
  if (permissions.length === 0 || !isInForce(grant, now, instants)) return undefined;
  const digests = permissions.length > digestsLimit ? '' : permissions.map(digestOf).join('');
  return facts.write({ ...grant, permissionCount: permissions.length, digests });
};

/** True if the row says this. */
export const isSame = (row: EntryColumns, wanted: EntryFacts): boolean =>
  Object.entries(wanted).every(([name, value]) => row[name] === value);

export const entryFrom = (row: Row<EntryColumns>): IndexEntry => ({
  ...facts.read(row),
  ...names.read(row),
  userKey: Buffer.from(row.rowKey.slice(entryPrefix.length), 'hex'),
  clientKey: Buffer.from(row.partitionKey, 'hex'),
});
