/**
 * Table `users`: everything about one person lies in one partition, so that an authorization, its end and the history of
 * both change in one transaction, and exporting or erasing a person is one range.
 *
 *   PartitionKey  hex of the user key (SHA-256 over issuer and subject)
 *   RowKey        apps                                ids of the clients that the person looks after (`owned-apps.ts`)
 *                 audit:<inverted time>:<random>      events that no page of a person shows, newest first
 *                 browser:<browserKey>                a browser from which clients signed the person in; endedAt?: no longer
 *                 browser:<browserKey>:<hash>         such a client: clientId, sid, sessionAt; until it is told of the end
 *                 family:<clientKey>:<familyId>       one authorization session of a client
 *                 grant:<clientKey>                   what the person allows a client, and the ids of its families
 *                 history:<inverted time>:<random>    events, newest first
 *                 profile                             display name, account name, first and last sign-in, mailbox (`mails.ts`)
 *                 session:<hash>                      a browser session
 *
 * The order of these names matters: one range from `family:` on, read until enough events have come, is all that a person's
 * page shows, however many events and sessions there are behind.
 *
 * `keepUntil` (epoch seconds), where a row has it, says from when nobody can name the row any more; the sweep deletes it a
 * day later. Times are epoch seconds, lists are JSON, hashes are base64url.
 */

import type { StoredEvent } from '../oauth/audit/event.ts';
import type { Random } from '../oauth/crypto.ts';
import { base64url } from '../oauth/crypto.ts';
import { byResource } from '../oauth/grants/grant.ts';
import type { PersonEvent, QuietEvent } from '../oauth/grants/history.ts';
import type { FamilyAddress } from '../oauth/tokens/locator.ts';
import type { Change, RowKeys } from './change.ts';
import { fromListed, type ListedPermission } from './permissions-column.ts';

export const partitionOf = (userKey: Buffer): string => userKey.toString('hex');

export const grantRowKey = (clientKey: Buffer): string => `grant:${clientKey.toString('hex')}`;

/** Row keys of all families of a client start so. */
export const familyPrefix = (clientKey: Buffer): string => `family:${clientKey.toString('hex')}:`;

export const familyRowKey = ({ clientKey, familyId }: FamilyAddress): string =>
  `${familyPrefix(clientKey)}${familyId.toString('hex')}`;

/** The end (exclusive) of the range of all row keys that start with `prefix`. */
export const afterPrefix = (prefix: string): string =>
  `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;

const historyPrefix = 'history:';
const quietPrefix = 'audit:';

/** Row keys of events start so; what follows is in order of time, newest first. */
export const eventPrefixes: readonly string[] = [historyPrefix, quietPrefix];

const quiet: readonly string[] = ['signed in', 'signed out', 'tokens issued'] satisfies readonly QuietEvent['kind'][];

/** What a row of an event holds; what is beside the event is the outbox's (`outbox.ts`). */
export type EventColumns = {
  readonly kind: PersonEvent['kind'];
  readonly at: number;
  readonly clientId?: string;
  readonly clientName?: string;
  readonly permissions?: string;
  /** JSON. */
  readonly details?: string;
  readonly family?: string;
  readonly order?: string;
  readonly tokens?: number;
  readonly since?: number;
  readonly source?: string;
  readonly correlation?: string;
  /** Milliseconds since the epoch, for order only: `at` is when it happened. */
  readonly written?: string;
  /** True until it has been delivered. */
  readonly pending?: boolean;
  readonly keepUntil: number;
};

const endings: readonly PersonEvent['kind'][] = ['revoked by user', 'ended by operator'];

/**
 * A row's share of an event: nobody reads a list of more than that, and a history must stay quick to read. What was revoked is
 * stated in full, in the receipt: it is no more than a grant can hold.
 */
const permissionsLimitCharacters = (kind: PersonEvent['kind']): number => (endings.includes(kind) ? 31_000 : 4_000);

/** What is of one word at one resource goes together; whatever else there is stays as it is. */
const compact = (permissions: readonly string[]): readonly ListedPermission[] => [
  ...byResource(permissions.filter((one) => one.split(' ').length === 2)),
  ...permissions.filter((one) => one.split(' ').length !== 2),
];

/** As many of the permissions as fit. */
const permissionsColumn = ({ kind, permissions = [] }: PersonEvent): string => {
  let room = permissionsLimitCharacters(kind);
  const fitting = compact(permissions).filter((one) => {
    room -= JSON.stringify(one).length + 1;
    return room > 0;
  });
  return JSON.stringify(fitting);
};

/** The inverse, for rows of any age. */
export const permissionsIn = (column: string): readonly string[] =>
  fromListed(JSON.parse(column) as readonly ListedPermission[]);

/** The name of an event among a person's events, which an address can hold. */
export const eventIdOf = (rowKey: string): string => rowKey.slice(historyPrefix.length).replace(':', '.');

/** The row of such a name; undefined for what is none. */
export const eventRowKey = (id: string): string | undefined =>
  /^\d{10}\.[\w-]{8,16}$/.test(id) ? `${historyPrefix}${id.replace('.', ':')}` : undefined;

export const isEventKey = (rowKey: string): boolean => eventPrefixes.some((prefix) => rowKey.startsWith(prefix));

/** Newest first in row key order. The outbox adds where it came from, and how long it is kept. */
export const eventInsert = (
  userKey: Buffer,
  { permissions, details, ...event }: PersonEvent,
  random: Random,
): Change => ({
  insert: {
    partitionKey: partitionOf(userKey),
    rowKey: `${quiet.includes(event.kind) ? quietPrefix : historyPrefix}${String(9_999_999_999 - event.at).padStart(10, '0')}:${base64url(random(9))}`,
    ...event,
    ...(permissions === undefined ? {} : { permissions: permissionsColumn({ ...event, permissions }) }),
    ...(details === undefined ? {} : { details: JSON.stringify(details) }),
  },
});

/** The event in such a row, as it is delivered. */
export const storedEventFrom = (row: EventColumns & RowKeys): StoredEvent => {
  const { kind, at, clientId, clientName, permissions, family, order, tokens, since, source, correlation } = row;
  const event = {
    kind,
    at,
    ...(clientId === undefined ? {} : { clientId, clientName }),
    ...(permissions === undefined ? {} : { permissions: permissionsIn(permissions) }),
    ...(family === undefined ? {} : { family }),
    ...(order === undefined ? {} : { order }),
    ...(tokens === undefined ? {} : { tokens, since }),
  } as PersonEvent;
  const userKey = Buffer.from(row.partitionKey, 'hex');
  return { ...event, source, correlation, userKey, rowKey: row.rowKey, id: row.rowKey.split(':').at(-1) ?? '' };
};
