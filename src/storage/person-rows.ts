/** Everything in a person's partition, whatever it is: to be taken along, and to be deleted (rows: see `user-rows.ts`). */
import type { Row, Table } from './table.ts';
import { partitionOf } from './user-rows.ts';

/** A row with all its columns. */
export type AnyRow = Row<Readonly<Record<string, unknown>>>;

export type PersonRows = {
  /** Up to `limit` rows and a page behind the row key `after`, in order; `next` is the last one's, if there are more. Throws `Unavailable`. */
  read(userKey: Buffer, page: { readonly after?: string | undefined; readonly limit: number }): Promise<RowsPage>;
  /** Deletes rows, as far as they are still there. Throws `Unavailable` for those that may be. */
  remove(rows: readonly AnyRow[]): Promise<void>;
};

type RowsPage = { readonly rows: readonly AnyRow[]; readonly next: string | undefined };

/** Row keys are of these characters, and those of one kind begin with its name. */
const [first, last] = [' ', '~'];

const rowsPerWrite = 100;

export const openPersonRows = (users: Table): PersonRows => ({
  read: async (userKey, { after, limit }) => {
    const rows: AnyRow[] = [];
    for await (const page of users.pages<AnyRow>(
      partitionOf(userKey),
      after === undefined ? first : `${after}${first}`,
      last,
    )) {
      rows.push(...page);
      if (rows.length >= limit) return { rows, next: rows.at(-1)?.rowKey };
    }
    return { rows, next: undefined };
  },
  remove: async (rows) => {
    for (let start = 0; start < rows.length; start += rowsPerWrite)
      await removeTogether(users, rows.slice(start, start + rowsPerWrite));
  },
});

/** In one transaction; if one of them is gone already, each by itself. */
const removeTogether = async (users: Table, rows: readonly AnyRow[]): Promise<void> => {
  const keys = rows.map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey }));
  const together = await users.write(keys.map((remove) => ({ remove })));
  if (together.kind === 'done') return;
  await Promise.all(keys.map((one) => users.remove({ ...one, etag: '*' })));
};
