/**
 * Table `deployment`: a few rows that belong to the deployment as a whole.
 *
 *   PartitionKey deployment   RowKey secret                     wrapped: base64url of the deployment's secret, made once and
 *                                                               wrapped by a Key Vault key; version: that key's version
 *                             RowKey keys                       kids: JSON, the keys that the audit log tells of
 *   PartitionKey sweep        RowKey <table>                    where the sweep goes on (see `sweep.ts`)
 *   PartitionKey not-before   RowKey everyone                   notBefore: what was issued up to then is void
 *                                    client:<clientKey>
 *                                    user:<userKey>
 *                                    ranges:<table>             which accounts hold what (see `ranges.ts`)
 *
 *   PartitionKey endings                                          what operators have had ended (see `endings.ts`)
 *   PartitionKey sign-outs                                        of whom somebody has to be told (see `sign-outs.ts`)
 *
 * Not-before instants revoke across partitions without a scan: what an operator or an incident needs. They are cached for
 * 15 seconds, so that is how long a revocation of this kind takes on other instances. There are as many rows as clients and
 * persons that an operator ever cut off this way.
 */
import { base64url } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Instants } from '../oauth/grants/not-before.ts';
import { type Revocation, staleClientSeconds, staleSeconds } from '../oauth/grants/revocation.ts';
import { type DeploymentList, listPartition } from './deployment-list.ts';
import { lost, untilWritten } from './retry.ts';
import type { Revocations } from './revocations.ts';
import type { Table } from './table.ts';

export type NotBeforeSubject =
  | { readonly everyone: true }
  | { readonly clientKey: Buffer }
  | { readonly userKey: Buffer };

type NotBefore = {
  /** The instants (epoch seconds) up to which what rests on this client's and this person's is void. */
  instantsFor(subject: { readonly clientKey?: Buffer; readonly userKey?: Buffer }): Promise<Instants>;
  /** Reads them anew: before something is made that rests on nothing, such as a client's secret, and so outlives an instant. */
  refresh(): Promise<void>;
  /** Voids what was issued up to `instant`. An instant only ever moves forward. */
  set(subject: NotBeforeSubject, instant: number): Promise<void>;
};

/** The deployment's secret as it is stored: only the vault can open it. */
type WrappedSecret = { readonly wrapped: Buffer; readonly version: string };

/** Ids of public keys; `etag` is undefined as long as none was ever told of. */
type ToldKeys = { readonly kids: readonly string[]; readonly etag: string | undefined };

export type Deployment = {
  /** The keys that the audit log tells of. Throws `Unavailable`. */
  toldKeys(): Promise<ToldKeys>;
  /** Remembers them. What somebody else has changed meanwhile stays as it is. Throws `Unavailable`. */
  tellKeys(kids: readonly string[], before: ToldKeys): Promise<void>;
  /** Undefined until the first instance has stored one. */
  secret(): Promise<WrappedSecret | undefined>;
  /** Stores a secret unless there is one. Whoever wins, and whatever became of the answer, the stored one counts. */
  offerSecret(secret: WrappedSecret): Promise<void>;
  /** Throws `Unavailable` unless the table answers. Always asks. */
  ready(): Promise<void>;
  readonly notBefore: NotBefore;
};

/** `list` is the one of the same table. */
export const openDeployment = (table: Table, list: DeploymentList, revocations: Revocations): Deployment => {
  const keys = { partitionKey: 'deployment', rowKey: 'secret' };
  const secret = async (): Promise<WrappedSecret | undefined> => {
    const row = await table.read<{ wrapped: string; version: string }>(keys.partitionKey, keys.rowKey);
    return row && { wrapped: Buffer.from(row.wrapped, 'base64url'), version: row.version };
  };
  const toldKeysRow = { partitionKey: 'deployment', rowKey: 'keys' };
  return {
    toldKeys: async () => {
      const row = await table.read<{ kids: string }>(toldKeysRow.partitionKey, toldKeysRow.rowKey);
      return { kids: row === undefined ? [] : (JSON.parse(row.kids) as readonly string[]), etag: row?.etag };
    },
    tellKeys: async (kids, { etag }) => {
      const row = { ...toldKeysRow, kids: JSON.stringify(kids) };
      await table.write([etag === undefined ? { insert: row } : { update: row, etag }]);
    },
    secret,
    offerSecret: async ({ wrapped, version }) => {
      await table.write([{ insert: { ...keys, wrapped: base64url(wrapped), version } }]);
    },
    ready: async () => {
      await secret();
    },
    notBefore: openNotBefore(table, list, revocations),
  };
};

const openNotBefore = (table: Table, list: DeploymentList, revocations: Revocations): NotBefore => {
  return {
    instantsFor: async ({ clientKey, userKey }) => {
      const known = await list.current();
      const instantOf = (name: string | undefined): number =>
        name === undefined ? 0 : (known.get(name)?.notBefore ?? 0);
      return {
        everyone: instantOf('everyone'),
        client: instantOf(clientKey && clientName(clientKey)),
        person: instantOf(userKey && userName(userKey)),
      };
    },
    refresh: async () => {
      await list.fresh();
    },
    set: async (subject, instant) => {
      await revocations.announce([revocationOf(subject, instant)]);
      const rowKey = nameOf(subject);
      const again = () => table.read<{ notBefore: number }>(listPartition, rowKey);
      const isSet = (row: { readonly notBefore: number } | undefined) => row !== undefined && row.notBefore >= instant;
      await untilWritten(await again(), again, async (row) => {
        if (isSet(row)) return undefined;
        const next = { partitionKey: listPartition, rowKey, notBefore: instant };
        const outcome = await table.write([row === undefined ? { insert: next } : { update: next, etag: row.etag }]);
        if (outcome.kind === 'unknown' && !isSet(await again()))
          throw new Unavailable('storage', { cause: outcome.cause });
        return outcome.kind === 'conflict' ? lost : undefined;
      });
      list.forget();
    },
  };
};

/** Instances that have not heard of it yet make tokens for a while that rest on what is void. */
const revocationOf = (subject: NotBeforeSubject, instant: number): Revocation => {
  if ('everyone' in subject) return { kind: 'everyone', before: instant + staleSeconds };
  if ('userKey' in subject) return { kind: 'person', ...subject, before: instant + staleSeconds };
  return { kind: 'client', ...subject, before: instant + staleClientSeconds };
};

const clientName = (clientKey: Buffer): string => `client:${clientKey.toString('hex')}`;
const userName = (userKey: Buffer): string => `user:${userKey.toString('hex')}`;

const nameOf = (subject: NotBeforeSubject): string => {
  if ('everyone' in subject) return 'everyone';
  return 'clientKey' in subject ? clientName(subject.clientKey) : userName(subject.userKey);
};
