/**
 * The resources that operators have declared, in the table `deployment`:
 *
 *   PartitionKey not-before     RowKey catalogue            version: another text after each change
 *                                      resource:<digest>    resource: the declaration as JSON, changedAt,
 *                                                           madeBy: by whom a repetition knows what it made
 *
 * Every instance reads them anyway, once in 15 seconds, so a request costs nothing for them, and there can only be as many as
 * `oauth/access/catalogue.ts` allows. What holds for all of them together holds because each change is conditional on the
 * version of the whole.
 */
import { resourceKey } from '../oauth/access/resources.ts';
import { base64url, type Clock, type Random, sha256 } from '../oauth/crypto.ts';
import { type DeploymentList, type Entries, listPartition, onceEach } from './deployment-list.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';

/** A declaration as stored; `etag` changes with each change of it. */
export type StoredResource = {
  /** JSON. */
  readonly declaration: string;
  /** Epoch seconds. */
  readonly changedAt: number;
  readonly madeBy: string;
  readonly etag: string;
};

/** All of them; `version` is undefined as long as none was ever declared. */
export type StoredCatalogue = { readonly resources: readonly StoredResource[]; readonly version: string | undefined };

type ResourceChange = {
  readonly identifier: string;
  /** Undefined to remove it. */
  readonly next: { readonly declaration: string; readonly madeBy: string } | undefined;
};

export type Catalogue = {
  /** At most 15 seconds old, and the same object until it is read again. Throws `Unavailable`. */
  current(): Promise<StoredCatalogue>;
  /** As stored now, for whoever is about to change it. Throws `Unavailable`. */
  read(): Promise<StoredCatalogue>;
  /** False when it is not the one of this version any more. Throws `Unavailable`. */
  change(change: ResourceChange, version: string | undefined): Promise<boolean>;
};

type Options = { readonly list: DeploymentList; readonly clock: Clock; readonly random: Random };

const versionKeys = { partitionKey: listPartition, rowKey: 'catalogue' };

export const openCatalogue = (table: Table, { list, clock, random }: Options): Catalogue => {
  const catalogueIn = onceEach(catalogueFrom);
  const stored = () => table.read<{ version: string }>(versionKeys.partitionKey, versionKeys.rowKey);
  return {
    current: async () => catalogueIn(await list.current()),
    read: async () => catalogueFrom(await list.fresh()),
    change: async ({ identifier, next }, version) => {
      const row = { partitionKey: listPartition, rowKey: `resource:${digestOf(identifier)}` };
      const whole = { ...versionKeys, version: base64url(random(16)) };
      const settled = await settle<undefined>({
        attempt: () =>
          table.write([
            version === undefined ? { insert: whole } : { update: whole, etag: version },
            next === undefined
              ? { remove: row }
              : { upsert: { ...row, resource: next.declaration, madeBy: next.madeBy, changedAt: clock() } },
          ]),
        readBack: async () => {
          const current = await stored();
          if (current?.version === whole.version) return { whose: 'ours' };
          return current?.etag === version ? { whose: 'nobody' } : { whose: 'another', current: undefined };
        },
        // An operator's change that lands after its 503 is the change that was asked for.
        fence: async () => ({ kind: 'done' }),
      });
      list.forget();
      return settled.result === 'done';
    },
  };
};

const digestOf = (identifier: string): string => sha256(resourceKey(identifier)).subarray(0, 16).toString('hex');

const catalogueFrom = (entries: Entries): StoredCatalogue => ({
  version: entries.get(versionKeys.rowKey)?.etag,
  resources: [...entries.values()].flatMap(({ resource, changedAt = 0, madeBy = '', etag }) =>
    resource === undefined ? [] : [{ declaration: resource, changedAt, madeBy, etag }],
  ),
});
