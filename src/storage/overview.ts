/**
 * What a person's page shows, read without reading everything there is. What fits into a few calls is read whole, so that it can
 * be sorted; of more than that, the grants come a page at a time in the order of their rows, each with its families.
 */
import type { Family } from '../oauth/grants/family.ts';
import type { StoredGrant } from '../oauth/grants/grant.ts';
import { type FamilyColumns, familiesFrom } from './family-rows.ts';
import {
  type Authorization,
  authorizationsFrom,
  eventFrom,
  type GrantColumns,
  grantFrom,
  type ListedEvent,
  newestFirst,
} from './grant-rows.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix, type EventColumns, familyPrefix, partitionOf } from './user-rows.ts';

export type Overview = {
  readonly authorizations: readonly Authorization[];
  readonly events: readonly ListedEvent[];
  /** There if these are not all: the key of the last one, or of the last that was looked at; undefined where nothing follows. */
  readonly part?: { readonly last: string | undefined };
};

/** Which page of them, where they come in pages. */
export type Look = {
  /** Hex of the client key that the page before ended with. */
  readonly after?: string | undefined;
  readonly matches?: (grant: StoredGrant) => boolean;
};

/** Services on one page. */
export const authorizationsPerPage = 50;

/** Newest events that are read, as many as a page of rows holds beside the rest; older ones wait for the sweep. */
const eventsRead = 500;

/** Of a person with more rows than that before their history, services come page by page. Five calls. */
const rowsReadWhole = 5_000;

/** A search looks at so many grants in one request, and then asks whether to go on. */
const grantPagesRead = 3;

/** Families of the services of one page; of those beyond, each service's are read by themselves. */
const familyRowsRead = 2_000;

/** Grants with their families, and the newest events. One query, unless there is more than one page of it. */
export const readOverview = async (users: Table, userKey: Buffer, look: Look = {}): Promise<Overview> => {
  if (look.after !== undefined) return { ...(await readPart(users, userKey, look)), events: [] };
  const rows = await rowsOf(users, userKey);
  if (!isCutShort(rows))
    return {
      authorizations: authorizationsFrom(
        ofKind<GrantColumns>(rows, 'grant:'),
        familiesFrom(userKey, ofKind<FamilyColumns>(rows, 'family:')),
      ),
      events: eventsIn(rows),
    };
  const [part, events] = await Promise.all([readPart(users, userKey, look), readEvents(users, userKey)]);
  return { ...part, events };
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
  rows.length >= rowsReadWhole && rows.at(-1)?.rowKey.startsWith('history:') !== true;

const rowsOf = async (users: Table, userKey: Buffer): Promise<readonly AnyRow[]> => {
  const rows: AnyRow[] = [];
  for await (const page of users.pages<object>(partitionOf(userKey), 'family:', 'history;')) {
    rows.push(...page);
    if (isCutShort(rows) || ofKind(rows, 'history:').length > eventsRead) break;
  }
  return rows;
};

const eventsIn = (rows: readonly AnyRow[]): readonly ListedEvent[] =>
  ofKind<EventColumns>(rows, 'history:').toSorted(newestFirst).slice(0, eventsRead).map(eventFrom);

const readEvents = async (users: Table, userKey: Buffer): Promise<readonly ListedEvent[]> => {
  for await (const page of users.pages<object>(partitionOf(userKey), 'history:', 'history;')) return eventsIn(page);
  return [];
};

type Part = Required<Pick<Overview, 'authorizations' | 'part'>>;

/** One page of the grants that match, with their families. */
const readPart = async (users: Table, userKey: Buffer, look: Look): Promise<Part> => {
  const { found, last } = await grantsAfter(users, userKey, look);
  const families = await familiesBeside(users, userKey, found);
  return { authorizations: authorizationsFrom(found, families), part: { last } };
};

type FoundGrants = { readonly found: readonly Row<GrantColumns>[]; readonly last: string | undefined };

const grantsAfter = async (
  users: Table,
  userKey: Buffer,
  { after, matches = () => true }: Look,
): Promise<FoundGrants> => {
  // Behind the row of this key, and before that of any other.
  const from = after === undefined ? 'grant:' : `grant:${after} `;
  const found: Row<GrantColumns>[] = [];
  let pages = 0;
  for await (const rows of users.pages<GrantColumns>(partitionOf(userKey), from, 'grant;')) {
    pages += 1;
    for (const row of rows) {
      if (matches(grantFrom(row))) found.push(row);
      if (found.length === authorizationsPerPage) return { found, last: clientHexOf(row) };
    }
    const last = rows.at(-1);
    if (pages === grantPagesRead) return { found, last: last && clientHexOf(last) };
  }
  return { found, last: undefined };
};

const clientHexOf = ({ rowKey }: AnyRow): string => rowKey.slice('grant:'.length);

/** Rows of families and of grants have the same order, that of the clients. */
const familiesBeside = async (
  users: Table,
  userKey: Buffer,
  grants: readonly Row<GrantColumns>[],
): Promise<readonly Family[]> => {
  const [first, last] = [grants[0], grants.at(-1)];
  if (first === undefined || last === undefined) return [];
  const prefixOf = (grant: AnyRow): string => familyPrefix(Buffer.from(clientHexOf(grant), 'hex'));
  const rows: Row<FamilyColumns>[] = [];
  const ranges = users.pages<FamilyColumns>(partitionOf(userKey), prefixOf(first), afterPrefix(prefixOf(last)));
  for await (const page of ranges) {
    rows.push(...page);
    if (rows.length >= familyRowsRead) break;
  }
  const readTo = rows.length < familyRowsRead ? undefined : rows.at(-1)?.rowKey;
  const unread = readTo === undefined ? [] : grants.filter((grant) => afterPrefix(prefixOf(grant)) > readTo);
  const others = await Promise.all(unread.map((grant) => firstFamilies(users, userKey, prefixOf(grant))));
  const isRead = ({ rowKey }: AnyRow) => !unread.some((grant) => rowKey.startsWith(prefixOf(grant)));
  return familiesFrom(userKey, [...rows.filter(isRead), ...others.flat()]);
};

/** Of one service, one page: there are never as many that live. */
const firstFamilies = async (users: Table, userKey: Buffer, prefix: string): Promise<readonly Row<FamilyColumns>[]> => {
  for await (const page of users.pages<FamilyColumns>(partitionOf(userKey), prefix, afterPrefix(prefix))) return page;
  return [];
};
