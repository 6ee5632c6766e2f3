/**
 * Brings the index up to what the grants say (rows: see `index-rows.ts`): whatever is asked for is looked at, and written if it
 * differs. So it may be asked for too often and in any order. Who writes looks at the grants once more: if one has changed
 * since, whoever changed it may have found the index in order before this write.
 */
import type { Clock } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Instants } from '../oauth/grants/not-before.ts';
import type { Change } from './change.ts';
import type { FamilyOwner } from './families.ts';
import { type GrantColumns, grantFrom } from './grant-rows.ts';
import { counterChange, countRows, readCounter, type Slot } from './index-counters.ts';
import { type EntryColumns, type EntryFacts, entryKeys, factsOf, isSame, slotOf } from './index-rows.ts';
import { lost, untilWritten } from './retry.ts';
import type { Row, Table } from './table.ts';
import { grantRowKey, partitionOf } from './user-rows.ts';

export type IndexContext = {
  readonly users: Table;
  readonly index: Table;
  readonly clock: Clock;
  /** Up to when what rests on a client's or a person's is void. */
  readonly instantsFor: (owner: FamilyOwner) => Promise<Instants>;
};

/** One batch, with a counter. */
const ownersPerWrite = 90;
const groupsAtOnce = 8;

/** Makes the index say of these authorizations what the grants say. Throws `Unavailable`: then some may be left. */
export const reconcile = async (context: IndexContext, owners: readonly FamilyOwner[]): Promise<void> => {
  const distinct = new Map(owners.map((one) => [JSON.stringify(entryKeys(one)), one]));
  const bySlot = Map.groupBy(
    distinct.values(),
    ({ userKey, clientKey }) => clientKey.toString('hex') + slotOf(userKey),
  );
  const groups = [...bySlot.values()].flatMap((ofSlot) =>
    Array.from({ length: Math.ceil(ofSlot.length / ownersPerWrite) }, (_, at) =>
      ofSlot.slice(at * ownersPerWrite, (at + 1) * ownersPerWrite),
    ),
  );
  const waiting = groups.values();
  const work = async (): Promise<void> => {
    for (const group of waiting) await settleGroup(context, group);
  };
  await Promise.all(Array.from({ length: groupsAtOnce }, work));
};

/** All of one client and slot. */
const settleGroup = (context: IndexContext, group: readonly FamilyOwner[]): Promise<void> =>
  untilWritten<undefined, void>(
    undefined,
    async () => undefined,
    async () => {
      const [first] = group;
      if (first === undefined) return undefined;
      const slot = { client: first.clientKey.toString('hex'), slot: slotOf(first.userKey) };
      const before = await readCounter(context.index, slot);
      const seen = await Promise.all(group.map((owner) => look(context, owner)));
      const differing = seen.filter(differs);
      if (differing.length === 0) return undefined;
      const changes = await Promise.all(differing.map((one) => changeOf(context, one)));
      const counting = await counted(context, { slot, before, differing });
      const outcome = await context.index.write([...changes, ...counting]);
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
      if (outcome.kind === 'conflict') return lost;
      const now = await Promise.all(differing.map(({ owner }) => wantedOf(context, owner)));
      const isStill = now.every((wanted, at) => JSON.stringify(wanted) === JSON.stringify(differing[at]?.wanted));
      return isStill ? undefined : lost;
    },
  );

type Seen = {
  readonly owner: FamilyOwner;
  readonly row: Row<EntryColumns> | undefined;
  readonly wanted: EntryFacts | undefined;
};

/** The index before the grant: what changes in between is found by whoever changes it. */
const look = async (context: IndexContext, owner: FamilyOwner): Promise<Seen> => {
  const { partitionKey, rowKey } = entryKeys(owner);
  const row = await context.index.read<EntryColumns>(partitionKey, rowKey);
  return { owner, row, wanted: await wantedOf(context, owner) };
};

const wantedOf = async (
  { users, clock, instantsFor }: IndexContext,
  owner: FamilyOwner,
): Promise<EntryFacts | undefined> => {
  const row = await users.read<GrantColumns>(partitionOf(owner.userKey), grantRowKey(owner.clientKey));
  return row && factsOf(grantFrom(row), clock(), await instantsFor(owner));
};

const differs = ({ row, wanted }: Seen): boolean =>
  wanted === undefined ? row !== undefined : row === undefined || !isSame(row, wanted);

const changeOf = async ({ users }: IndexContext, { owner, row, wanted }: Seen): Promise<Change> => {
  const keys = entryKeys(owner);
  if (wanted === undefined) return { remove: keys };
  const profile = await users.read<{ displayName?: string; accountName?: string }>(
    partitionOf(owner.userKey),
    'profile',
  );
  const { displayName = '', accountName = '' } = profile ?? {};
  const entry = { ...keys, ...wanted, displayName, accountName };
  return row === undefined ? { insert: entry } : { update: entry, etag: row.etag };
};

type Counting = {
  readonly slot: Slot;
  readonly before: Awaited<ReturnType<typeof readCounter>>;
  readonly differing: readonly Seen[];
};

const counted = async ({ index }: IndexContext, { slot, before, differing }: Counting): Promise<readonly Change[]> => {
  const added = differing.filter(({ row }) => row === undefined).length;
  const removed = differing.filter(({ wanted }) => wanted === undefined).length;
  if (added === removed && removed === 0) return [];
  const count = before?.count ?? (await countRows(index, slot));
  return [counterChange(slot, count + added - removed, before)];
};
