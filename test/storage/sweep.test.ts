/** The sweep goes on where it stopped: a table of one person's making does not keep it from everybody else's rows. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/oauth/errors.ts';
import { sweepTables } from '../../src/storage/sweep.ts';
import type { Row, Table } from '../../src/storage/table.ts';

const now = 1_800_000_000;
const dayAgo = now - 86_400;

type Stored = Row<{ readonly keepUntil?: number; readonly slice?: number; readonly after?: string }>;

/** As much of Table Storage as the sweep uses: ordered pages with continuation, a filter, conditional deletes. */
const memoryTable = (rows: readonly Stored[]) => {
  const stored = new Map(rows.map((row) => [`${row.partitionKey} ${row.rowKey}`, row]));
  const table: Pick<Table, 'page' | 'remove' | 'read' | 'write'> = {
    page: async (from, to, { size, after, overBefore = Number.POSITIVE_INFINITY }) => {
      const due = [...stored.values()]
        .filter(
          ({ partitionKey, keepUntil }) =>
            partitionKey >= from && partitionKey < to && (keepUntil ?? 1e12) <= overBefore,
        )
        .map((row) => ({ row, key: `${row.partitionKey} ${row.rowKey}` }))
        .filter(({ key }) => after === undefined || key >= after)
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      return { rows: due.slice(0, size).map(({ row }) => row) as never, next: due[size]?.key };
    },
    remove: async ({ partitionKey, rowKey }) => {
      stored.delete(`${partitionKey} ${rowKey}`);
      return { kind: 'done' };
    },
    read: async (partitionKey, rowKey) => stored.get(`${partitionKey} ${rowKey}`) as never,
    write: async ([change]) => {
      if (change === undefined || !('upsert' in change)) throw new Error('an upsert was expected');
      const { partitionKey, rowKey } = change.upsert;
      stored.set(`${partitionKey} ${rowKey}`, { ...change.upsert, etag: 'e', timestamp: '' } as Stored);
      return { kind: 'done' };
    },
  };
  return { table: table as Table, stored };
};

const row = (partitionKey: string, rowKey: string, keepUntil?: number): Stored => ({
  partitionKey,
  rowKey,
  etag: 'e',
  timestamp: '',
  ...(keepUntil === undefined ? {} : { keepUntil }),
});

const numbered = (count: number, partition: string, keepUntil?: number) =>
  Array.from({ length: count }, (_, at) => row(partition, String(at).padStart(6, '0'), keepUntil));

const run = async (table: Table, deployment: Table) => sweepTables({ users: table }, { deployment, clock: () => now });

describe('the sweep', () => {
  it('comes to the rows behind one person whose rows are not due, however many those are', async () => {
    const undue = numbered(20_000, '00aa', now);
    const { table, stored } = memoryTable([...undue, row('00bb', 'x', dayAgo), row('00bb', 'y', dayAgo + 1)]);
    expect(await run(table, memoryTable([]).table)).toEqual({ slice: 0, read: 1, deleted: 1, finished: true });
    expect(stored.has('00bb y')).toBe(true);
  });

  it('goes on in the next run where a run was full, and then with the next slice', async () => {
    const due = numbered(25_000, '00aa', dayAgo);
    const { table, stored } = memoryTable([...due, row('00bb', 'x', dayAgo), row('01aa', 'x', dayAgo)]);
    const deployment = memoryTable([]).table;
    expect(await run(table, deployment)).toEqual({ slice: 0, read: 20_000, deleted: 20_000, finished: false });
    expect(await run(table, deployment)).toEqual({ slice: 0, read: 5_001, deleted: 5_001, finished: true });
    expect([...stored.keys()]).toEqual(['01aa x']);
    expect(await run(table, deployment)).toMatchObject({ slice: 1, deleted: 1, finished: true });
  });

  it('deletes as many rows in one run as are set', async () => {
    const due = numbered(3_000, '00aa', dayAgo);
    const { table } = memoryTable(due);
    const surroundings = { deployment: memoryTable([]).table, clock: () => now, rows: 1_000 };
    expect(await sweepTables({ users: table }, surroundings)).toMatchObject({ deleted: 1_000, finished: false });
    expect(await sweepTables({ users: table }, { ...surroundings, rows: 40_000 })).toMatchObject({ deleted: 2_000 });
  });

  it('passes over what cannot be read now, goes on with the other tables, and comes back in the next pass', async () => {
    const { table: replay, stored } = memoryTable([row('00aa', 'x', dayAgo)]);
    const users = memoryTable([row('00aa', 'x', dayAgo)]);
    let away = true;
    const moody: Table = {
      ...users.table,
      page: (...asked) => (away ? Promise.reject(new Unavailable('storage')) : users.table.page(...asked)),
    };
    const surroundings = { deployment: memoryTable([]).table, clock: () => now };
    const sweep = () => sweepTables({ users: moody, replay }, surroundings);
    expect(await sweep()).toEqual({ slice: 0, read: 1, deleted: 1, finished: false });
    expect(stored.size).toBe(0);
    away = false;
    for (let runs = 0; runs < 255; runs++) await sweep();
    expect(users.stored.size).toBe(1);
    expect(await sweep()).toMatchObject({ slice: 0, deleted: 1 });
  });

  it('has been everywhere after 256 runs', async () => {
    const everywhere = Array.from({ length: 256 }, (_, at) =>
      row(`${at.toString(16).padStart(2, '0')}ff`, 'x', dayAgo),
    );
    const { table, stored } = memoryTable(everywhere);
    const deployment = memoryTable([]).table;
    for (let runs = 0; runs < 256; runs++) await run(table, deployment);
    expect(stored.size).toBe(0);
    expect(await run(table, deployment)).toMatchObject({ slice: 0 });
  });
});
