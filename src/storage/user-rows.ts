/**
 * Table `users`: everything about one person lies in one partition, so that an authorization, its end and the history of
 * both change in one transaction, and exporting or erasing a person is one range.
 *
 *   PartitionKey  hex of the user key (SHA-256 over issuer and subject)
 *   RowKey        browser:<browserKey>                a browser from which clients signed the person in; endedAt?: no longer
 *                 browser:<browserKey>:<hash>         such a client: clientId, sid, sessionAt; until it is told of the end
 *                 family:<clientKey>:<familyId>       one authorization session of a client
 *                 grant:<clientKey>                   what the person allows a client, and the ids of its families
 *                 history:<inverted time>:<random>    events, newest first
 *                 profile                             display name, account name, first and last sign-in
 *                 session:<hash>                      a browser session
 *
 * The order of these names matters: one range from `family:` on, read until enough events have come, is all that a person's
 * page shows, however many events and sessions there are behind.
 *
 * `keepUntil` (epoch seconds), where a row has it, says from when nobody can name the row any more; the sweep deletes it a
 * day later. Times are epoch seconds, lists are JSON, hashes are base64url.
 */
import type { Random } from '../oauth/crypto.ts';
import { base64url } from '../oauth/crypto.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { FamilyAddress } from '../oauth/tokens/locator.ts';
import type { Change } from './change.ts';

const historySeconds = 90 * 86_400;

export const partitionOf = (userKey: Buffer): string => userKey.toString('hex');

export const grantRowKey = (clientKey: Buffer): string => `grant:${clientKey.toString('hex')}`;

/** Row keys of all families of a client start so. */
export const familyPrefix = (clientKey: Buffer): string => `family:${clientKey.toString('hex')}:`;

export const familyRowKey = ({ clientKey, familyId }: FamilyAddress): string =>
  `${familyPrefix(clientKey)}${familyId.toString('hex')}`;

/** The end (exclusive) of the range of all row keys that start with `prefix`. */
export const afterPrefix = (prefix: string): string =>
  `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;

export type EventColumns = {
  readonly kind: HistoryEvent['kind'];
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
  readonly permissions?: string;
  readonly keepUntil: number;
};

/** A row's share of an event; nobody reads a list of more than that, and a history must stay quick to read. */
const permissionsLimitCharacters = 4_000;

/** As many of the permissions as fit. */
const permissionsColumn = (permissions: readonly string[]): string => {
  let room = permissionsLimitCharacters;
  const fitting = permissions.filter((one) => {
    room -= JSON.stringify(one).length + 1;
    return room > 0;
  });
  return JSON.stringify(fitting);
};

/** Newest first in row key order. */
export const eventInsert = (userKey: Buffer, { permissions, ...event }: HistoryEvent, random: Random): Change => ({
  insert: {
    partitionKey: partitionOf(userKey),
    rowKey: `history:${String(9_999_999_999 - event.at).padStart(10, '0')}:${base64url(random(6))}`,
    ...event,
    ...(permissions === undefined ? {} : { permissions: permissionsColumn(permissions) }),
    keepUntil: event.at + historySeconds,
  },
});
