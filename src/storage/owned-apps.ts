/**
 * Which services a person looks after, in one row of theirs (`user-rows.ts`): the clients' own rows decide who does, and this is
 * where to look. So a page of theirs costs what is theirs, and nobody has more than a page holds.
 *
 *   RowKey  apps     clientIds: JSON, the latest last
 */
import { json, rowOf } from './columns.ts';
import { lost, untilWritten } from './retry.ts';
import type { Row, Table } from './table.ts';
import { partitionOf } from './user-rows.ts';

const columns = rowOf({ clientIds: json<readonly string[]>() });

/** One page holds as many, and one row many more. */
const appsPerPerson = 50;

export type OwnedApps = {
  /** Client ids, the latest last. Throws `Unavailable`. */
  list(userKey: Buffer): Promise<readonly string[]>;
  /** False when the person has as many as they can. Fine when it is there. Throws `Unavailable`. */
  add(userKey: Buffer, clientId: string): Promise<boolean>;
  /** Fine when it is not there. Throws `Unavailable`. */
  drop(userKey: Buffer, clientId: string): Promise<void>;
};

type OwnedRow = Row<Readonly<Record<string, unknown>>> | undefined;

export const openOwnedApps = (users: Table): OwnedApps => {
  const keysOf = (userKey: Buffer) => ({ partitionKey: partitionOf(userKey), rowKey: 'apps' });
  const read = (userKey: Buffer): Promise<OwnedRow> => users.read(partitionOf(userKey), 'apps');
  const idsIn = (row: OwnedRow): readonly string[] => (row === undefined ? [] : columns.read(row).clientIds);

  /** `next` says what is to be there; undefined for as it is. What it sees decides anew after a lost race or a lost answer. */
  const change = async (userKey: Buffer, next: (ids: readonly string[]) => readonly string[] | undefined) =>
    untilWritten(
      await read(userKey),
      () => read(userKey),
      async (row) => {
        const clientIds = next(idsIn(row));
        if (clientIds === undefined) return idsIn(row);
        const written = { ...keysOf(userKey), ...columns.write({ clientIds }) };
        const { kind } = await users.write([row ? { update: written, etag: row.etag } : { insert: written }]);
        return kind === 'done' ? clientIds : lost;
      },
    );

  return {
    list: async (userKey) => idsIn(await read(userKey)),
    add: async (userKey, clientId) => {
      const ids = await change(userKey, (before) =>
        before.includes(clientId) || before.length >= appsPerPerson ? undefined : [...before, clientId],
      );
      return ids.includes(clientId);
    },
    drop: async (userKey, clientId) => {
      await change(userKey, (before) =>
        before.includes(clientId) ? before.filter((one) => one !== clientId) : undefined,
      );
    },
  };
};
