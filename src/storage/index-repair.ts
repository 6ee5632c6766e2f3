/**
 * Repairs the index (`index-rows.ts`), a part of it at each run of the timer, from both ends: every grant is to have its row, and
 * every row its grant; counters are counted again. What is out of order is looked at once more by whoever puts it right
 * (`index-upkeep.ts`), so that it does not matter what changes meanwhile.
 *
 *   Table deployment   PartitionKey sweep   RowKey index   slice, after: where to go on among the grants; behind: in the index
 */
import { grantKeys } from './all-grants.ts';
import { isOverdue } from './client-use.ts';
import type { FamilyOwner } from './families.ts';
import { type GrantColumns, grantFrom } from './grant-rows.ts';
import { readCounters, recount, type Slot } from './index-counters.ts';
import {
  counterPrefix,
  type EntryColumns,
  type EntryFacts,
  entryFrom,
  entryKeys,
  entryPrefix,
  factsOf,
  isSame,
  personPrefix,
  slotOf,
} from './index-rows.ts';
import { type IndexContext, reconcile } from './index-upkeep.ts';
import { tidied } from './people.ts';
import { sliceName, slices } from './slices.ts';
import type { Page, Row, Table } from './table.ts';
import { grantRowKey, partitionOf } from './user-rows.ts';

export type RepairContext = IndexContext & {
  readonly deployment: Table;
  /** Grants that a run looks at; of rows of the index a tenth, because each of them takes a call. */
  readonly rows: number;
};

export type RepairReport = {
  readonly grants: number;
  readonly rows: number;
  /** Authorizations that were looked at once more. */
  readonly differing: number;
  readonly recounted: number;
};

type Cursor = { readonly slice: number; readonly after: string; readonly behind: string };

const keys = { partitionKey: 'sweep', rowKey: 'index' } as const;
const pageSize = 1_000;
const runMilliseconds = 60_000;
const atOnce = 16;

/** The next slice of the grants, or what is left of it, and the next rows of the index. Throws `Unavailable`. */
export const repairIndex = async (context: RepairContext): Promise<RepairReport> => {
  const { deployment } = context;
  const cursor = (await deployment.read<Cursor>(keys.partitionKey, keys.rowKey)) ?? { slice: 0, after: '', behind: '' };
  const { next, ...grants } = await repairFromGrants(context, cursor);
  const { behind, ...rows } = await repairFromRows(context, cursor.behind);
  await deployment.write([{ upsert: { ...keys, ...next, behind } }]);
  return { ...grants, ...rows, differing: grants.missing + rows.superfluous };
};

const repairFromGrants = async (context: RepairContext, { slice, after: begin }: Cursor) => {
  const endsAt = performance.now() + runMilliseconds;
  let [after, grants, missing]: [string | undefined, number, number] = [begin || undefined, 0, 0];
  do {
    const page: Page<GrantColumns> = await context.users.page(sliceName(slice), sliceName(slice + 1), {
      size: pageSize,
      after,
      rowKeys: grantKeys,
    });
    const differing = await differingIn(context, page.rows);
    await reconcile(context, differing);
    [after, grants, missing] = [page.next, grants + page.rows.length, missing + differing.length];
  } while (after !== undefined && grants < context.rows && performance.now() < endsAt);
  return { grants, missing, next: after === undefined ? { slice: (slice + 1) % slices, after: '' } : { slice, after } };
};

/** Of each client the rows between the first and the last person of the page, in one query: there may be too many as well. */
const differingIn = async (
  context: RepairContext,
  rows: readonly Row<GrantColumns>[],
): Promise<readonly FamilyOwner[]> => {
  const byClient = [...Map.groupBy(rows, ({ rowKey }) => rowKey.slice(grantKeys.from.length)).values()].values();
  const differing: FamilyOwner[] = [];
  const work = async (): Promise<void> => {
    for (const ofClient of byClient) differing.push(...(await differingOf(context, ofClient)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return differing;
};

const ownerOf = ({ partitionKey, rowKey }: Row<GrantColumns>): FamilyOwner => ({
  userKey: Buffer.from(partitionKey, 'hex'),
  clientKey: Buffer.from(rowKey.slice(grantKeys.from.length), 'hex'),
});

const differingOf = async (
  { index, clock, instantsFor }: RepairContext,
  grants: readonly Row<GrantColumns>[],
): Promise<readonly FamilyOwner[]> => {
  const owners = grants.map(ownerOf);
  const [first, last] = [owners.at(0), owners.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { partitionKey, rowKey: from } = entryKeys(first);
  const entries = await index.range<EntryColumns>(partitionKey, from, `${entryKeys(last).rowKey}~`);
  const left = new Map(entries.map((row) => [row.rowKey, row]));
  const differing: FamilyOwner[] = [];
  for (const [at, owner] of owners.entries()) {
    const grant = grants[at];
    const wanted = grant && factsOf(grantFrom(grant), clock(), await instantsFor(owner));
    const { rowKey } = entryKeys(owner);
    if (!agrees(left.get(rowKey), wanted)) differing.push(owner);
    left.delete(rowKey);
  }
  return [...differing, ...[...left.values()].map(entryFrom)];
};

const agrees = (row: EntryColumns | undefined, wanted: EntryFacts | undefined): boolean =>
  row === undefined || wanted === undefined ? row === wanted : isSame(row, wanted);

const repairFromRows = async (context: RepairContext, begin: string) => {
  const size = Math.min(pageSize, Math.ceil(context.rows / 10));
  const { rows, next } = await context.index.page<EntryColumns>('0', 'g', { size, after: begin || undefined });
  const waiting = rows.values();
  const superfluous: FamilyOwner[] = [];
  const work = async (): Promise<void> => {
    for (const row of waiting) {
      if (row.rowKey.startsWith(personPrefix)) await tidied(context, row);
      if (isOverdue(row.rowKey, context.clock())) await context.index.remove(row);
      if (row.rowKey.startsWith(entryPrefix) && !(await hasGrant(context, row))) superfluous.push(entryFrom(row));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await reconcile(context, superfluous);
  let recounted = 0;
  for (const slot of await slotsToCount(context, rows)) if (await recount(context.index, slot)) recounted += 1;
  return { rows: rows.length, superfluous: superfluous.length, recounted, behind: next ?? '' };
};

const hasGrant = async ({ users, clock, instantsFor }: RepairContext, row: Row<EntryColumns>): Promise<boolean> => {
  const { userKey, clientKey } = entryFrom(row);
  const grant = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(clientKey));
  const instants = await instantsFor({ userKey, clientKey });
  return grant !== undefined && factsOf(grantFrom(grant), clock(), instants) !== undefined;
};

/** Each when its counter comes by; those that have lost it, when their rows do. */
const slotsToCount = async ({ index }: RepairContext, rows: readonly Row<EntryColumns>[]): Promise<readonly Slot[]> => {
  const ofIndex = rows.filter(({ rowKey }) => rowKey.startsWith(counterPrefix) || rowKey.startsWith(entryPrefix));
  const slots: Slot[] = [];
  for (const [client, ofClient] of Map.groupBy(ofIndex, ({ partitionKey }) => partitionKey)) {
    const counters = await readCounters(index, client);
    const known = new Set(counters.map(({ rowKey }) => rowKey.slice(counterPrefix.length)));
    const due = ofClient.flatMap((row) => {
      if (row.rowKey.startsWith(counterPrefix)) return [row.rowKey.slice(counterPrefix.length)];
      const slot = slotOf(entryFrom(row).userKey);
      return known.has(slot) ? [] : [slot];
    });
    for (const slot of new Set(due)) slots.push({ client, slot });
  }
  return slots;
};
