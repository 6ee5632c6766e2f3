/** Requests to operators in their rows: as many permissions of one service as a grant can hold. */
import { expect, it } from 'vitest';
import { openOperatorRequests } from '../../src/storage/operator-requests.ts';
import type { Table } from '../../src/storage/table.ts';

const cellLimit = 32_768;

/** A table that keeps its rows as JSON, and no cell that Table Storage would refuse. */
const createTable = (): Table => {
  const rows = new Map<string, string>();
  const table = {
    read: async (_: string, rowKey: string) => {
      const row = rows.get(rowKey);
      return row === undefined ? undefined : { ...JSON.parse(row), etag: row };
    },
    write: async (changes: readonly { insert?: Record<string, unknown>; update?: Record<string, unknown> }[]) => {
      for (const { insert, update } of changes) {
        const row = insert ?? update ?? {};
        for (const cell of Object.values(row)) expect(String(cell).length).toBeLessThan(cellLimit);
        const rowKey = String(row.rowKey);
        rows.set(rowKey, JSON.stringify({ ...JSON.parse(rows.get(rowKey) ?? '{}'), ...row }));
      }
      return { kind: 'done' };
    },
    remove: async ({ rowKey }: { readonly rowKey: string }) => {
      rows.delete(rowKey);
      return { kind: 'done' };
    },
    pages: async function* () {
      yield [...rows].map(([rowKey, row]) => ({ ...JSON.parse(row), rowKey, etag: row }));
    },
  };
  return table as unknown as Table;
};

it('a request for 250 permissions of a resource with a long name is asked, shown and approved whole', async () => {
  const permissions = Array.from({ length: 250 }, (_, index) => `https://${'long.'.repeat(24)}example p${index}`);
  expect(JSON.stringify(permissions).length).toBeGreaterThan(cellLimit);
  const requests = openOperatorRequests(createTable(), createTable(), (length) => Buffer.alloc(length, 7));
  const userKey = Buffer.alloc(32, 1);
  const named = { clientId: 'c', clientName: 'C', personName: 'Ada', accountName: 'ada@example' };
  await requests.ask({ userKey, ...named, permissions, askedAt: 1_000 });
  const {
    requests: [waiting],
  } = await requests.waiting(undefined);
  expect(waiting?.permissions).toEqual(permissions);
  if (waiting === undefined) throw new Error('nothing waits');
  expect(await requests.decide(waiting, { state: 'approved', reason: undefined, at: 2_000 })).toBe(true);
  expect(await requests.read(userKey, 'c')).toMatchObject({ state: 'approved', approved: permissions });
});
