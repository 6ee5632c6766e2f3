/** What a person's page shows, read without reading everything there is. */
import type { Family } from '../oauth/grants/family.ts';
import { type FamilyColumns, familiesFrom } from './family-rows.ts';
import {
  type Authorization,
  authorizationsFrom,
  eventFrom,
  type GrantColumns,
  type ListedEvent,
  newestFirst,
} from './grant-rows.ts';
import type { Row, Table } from './table.ts';
import { type EventColumns, partitionOf } from './user-rows.ts';

export type Overview = { readonly authorizations: readonly Authorization[]; readonly events: readonly ListedEvent[] };

/** Newest events that are read, as many as a page of rows holds beside the rest; older ones wait for the sweep. */
const eventsRead = 500;

/** More rows of families than grants can name are left-overs; they must not keep the grants from being shown. */
const familyRowsRead = 5_000;

/** Grants with their families, and the newest events. One query, unless there is more than one page of it. */
export const readOverview = async (users: Table, userKey: Buffer): Promise<Overview> => {
  const rows = await rowsOf(users, userKey, 'family:');
  const found = isCutShort(rows) ? [...rows, ...(await rowsOf(users, userKey, 'grant:'))] : rows;
  const families = familiesFrom(userKey, ofKind<FamilyColumns>(found, 'family:'));
  return {
    authorizations: authorizationsFrom(ofKind<GrantColumns>(found, 'grant:'), families),
    events: ofKind<EventColumns>(found, 'history:').toSorted(newestFirst).slice(0, eventsRead).map(eventFrom),
  };
};

/** The grants alone. */
export const readGrants = async (users: Table, userKey: Buffer): Promise<readonly Authorization[]> => {
  const noFamilies: readonly Family[] = [];
  return authorizationsFrom(await users.range<GrantColumns>(partitionOf(userKey), 'grant:', 'grant;'), noFamilies);
};

type AnyRow = Row<object>;

const ofKind = <Columns>(rows: readonly AnyRow[], prefix: string): readonly Row<Columns>[] =>
  rows.filter(({ rowKey }) => rowKey.startsWith(prefix)) as unknown as readonly Row<Columns>[];

const isCutShort = (rows: readonly AnyRow[]): boolean =>
  rows.length >= familyRowsRead && rows.at(-1)?.rowKey.startsWith('family:') === true;

const rowsOf = async (users: Table, userKey: Buffer, from: string): Promise<readonly AnyRow[]> => {
  const rows: AnyRow[] = [];
  for await (const page of users.pages<object>(partitionOf(userKey), from, 'history;')) {
    rows.push(...page);
    if (isCutShort(rows) || ofKind(rows, 'history:').length > eventsRead) break;
  }
  return rows;
};
