/**
 * Table `deployment`: a few rows that belong to the deployment as a whole.
 *
 *   PartitionKey deployment   RowKey locator-key                value: base64url of 32 random bytes, made once; masks where
 *                                                               tokens lie and seals the sign-in cookie
 *   PartitionKey not-before   RowKey everyone                   notBefore: what was issued up to then is void
 *                                    client:<clientKey>
 *                                    user:<userKey>
 *
 * Not-before instants revoke across partitions without a scan: what an operator or an incident needs. They are cached for
 * 15 seconds, so that is how long a revocation of this kind takes on other instances. There are as many rows as clients and
 * persons that an operator ever cut off this way.
 */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Table } from './table.ts';

export type NotBeforeSubject =
  | { readonly everyone: true }
  | { readonly clientKey: Buffer }
  | { readonly userKey: Buffer };

type NotBefore = {
  /** The latest instant (epoch seconds) up to which what was issued to this client for this person is void. */
  instantFor(subject: { readonly clientKey?: Buffer; readonly userKey?: Buffer }): Promise<number>;
  /** Voids what was issued up to `instant`. An instant only ever moves forward. */
  set(subject: NotBeforeSubject, instant: number): Promise<void>;
};

export type Deployment = {
  /** 32 bytes that every instance shares; made by whichever comes first. */
  locatorKey(): Promise<Buffer>;
  /** Throws `Unavailable` unless the table answers. Always asks. */
  ready(): Promise<void>;
  readonly notBefore: NotBefore;
};

const cacheSeconds = 15;

export const openDeployment = (table: Table, { clock, random }: { clock: Clock; random: Random }): Deployment => {
  let locatorKey: Buffer | undefined;
  const keys = { partitionKey: 'deployment', rowKey: 'locator-key' };
  const storedLocatorKey = async (): Promise<Buffer | undefined> => {
    const row = await table.read<{ value: string }>(keys.partitionKey, keys.rowKey);
    return row && Buffer.from(row.value, 'base64url');
  };

  return {
    locatorKey: async () => {
      locatorKey ??= await storedLocatorKey();
      if (locatorKey === undefined) {
        // Insert if absent; whoever wins, and whatever became of our answer, the stored one counts.
        await table.write([{ insert: { ...keys, value: base64url(random(32)) } }]);
        locatorKey = await storedLocatorKey();
      }
      if (locatorKey === undefined) throw new Unavailable('storage');
      return locatorKey;
    },
    ready: async () => {
      await storedLocatorKey();
    },
    notBefore: openNotBefore(table, clock),
  };
};

const openNotBefore = (table: Table, clock: Clock): NotBefore => {
  let cached: { readonly instants: ReadonlyMap<string, number>; readonly readAt: number } | undefined;

  const instants = async (): Promise<ReadonlyMap<string, number>> => {
    const age = cached === undefined ? Number.POSITIVE_INFINITY : clock() - cached.readAt;
    if (cached !== undefined && age >= 0 && age < cacheSeconds) return cached.instants;
    const rows = await table.range<{ notBefore: number }>('not-before', ' ', '~');
    cached = { instants: new Map(rows.map((row) => [row.rowKey, row.notBefore])), readAt: clock() };
    return cached.instants;
  };

  return {
    instantFor: async ({ clientKey, userKey }) => {
      const known = await instants();
      const names = [
        'everyone',
        ...(clientKey ? [clientName(clientKey)] : []),
        ...(userKey ? [userName(userKey)] : []),
      ];
      return Math.max(0, ...names.map((name) => known.get(name) ?? 0));
    },
    set: async (subject, instant) => {
      const rowKey = nameOf(subject);
      for (let attempt = 0; attempt < 5; attempt++) {
        const row = await table.read<{ notBefore: number }>('not-before', rowKey);
        if (row !== undefined && row.notBefore >= instant) break;
        const next = { partitionKey: 'not-before', rowKey, notBefore: instant };
        const outcome = await table.write([row === undefined ? { insert: next } : { update: next, etag: row.etag }]);
        if (outcome.kind === 'done') break;
        if (attempt === 4) throw new Unavailable('storage');
      }
      cached = undefined;
    },
  };
};

const clientName = (clientKey: Buffer): string => `client:${clientKey.toString('hex')}`;
const userName = (userKey: Buffer): string => `user:${userKey.toString('hex')}`;

const nameOf = (subject: NotBeforeSubject): string => {
  if ('everyone' in subject) return 'everyone';
  return 'clientKey' in subject ? clientName(subject.clientKey) : userName(subject.userKey);
};
