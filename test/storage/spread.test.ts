import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/oauth/errors.ts';
import type { Change } from '../../src/storage/change.ts';
import { openDeploymentList } from '../../src/storage/deployment-list.ts';
import { openRanges } from '../../src/storage/ranges.ts';
import { spreadTable } from '../../src/storage/spread.ts';
import { sweepTables } from '../../src/storage/sweep.ts';
import type { Table } from '../../src/storage/table.ts';

type Asked = { readonly account: string; readonly verb: string; readonly partition: string };

const asked: Asked[] = [];

/** Answers nothing and remembers what was asked of it. */
const listening = (account: string): Table => {
  const note = <T>(verb: string, partition: string, answer: T): T => {
    asked.push({ account, verb, partition });
    return answer;
  };
  return {
    read: async (partition) => note('read', partition, undefined),
    pages: async function* (partition) {
      yield note('pages', partition, []);
    },
    range: async (partition) => note('range', partition, []),
    page: async (from) => note('page', from, { rows: [], next: undefined }),
    write: async () => note('write', '', { kind: 'done' }),
    remove: async ({ partitionKey }) => note('remove', partitionKey, { kind: 'done' }),
  };
};

let now = 1_800_000_000;
let listReads = 0;

const lists = (ranges: readonly object[]): Table =>
  ({
    range: async () => {
      listReads += 1;
      return [{ rowKey: 'ranges:users', ranges: JSON.stringify(ranges) }];
    },
    read: async () => undefined,
    write: async () => ({ kind: 'done' }),
  }) as unknown as Table;

const [secondAccount, movedAccount] = ['https://two.example', 'https://gone.example'];

const spread = (ranges: readonly object[]): Table => {
  asked.length = 0;
  listReads = 0;
  return spreadTable({
    name: 'users',
    first: listening('first'),
    further: new Map([[secondAccount, listening('second')]]),
    ranges: openRanges(openDeploymentList(lists(ranges), () => now)),
  });
};

const halves = [{ from: '80', to: 'ff', account: secondAccount }];

describe('a table in several accounts', () => {
  it('does everything in the account of the partition', async () => {
    const table = spread(halves);
    const entity = { partitionKey: '80aa', rowKey: 'x' };
    await table.read('7fff', 'x');
    await table.read('80aa', 'x');
    await table.range('ffff', 'a', 'b');
    for await (const _ of table.pages('0000', 'a', 'b'));
    await table.page('ff', 'g', { size: 1, after: undefined });
    const changes: Change[] = [
      { insert: entity },
      { etag: 'e', update: entity },
      { merge: entity },
      { upsert: entity },
      { remove: entity },
    ];
    for (const change of changes) await table.write([change]);
    await table.remove({ ...entity, etag: 'e' });
    expect(asked.map(({ account, verb }) => `${account} ${verb}`)).toEqual([
      'first read',
      'second read',
      'second range',
      'first pages',
      'second page',
      ...changes.map(() => 'second write'),
      'second remove',
    ]);
  });

  it('reads the list of ranges once in fifteen seconds, whoever asks', async () => {
    const table = spread(halves);
    await Promise.all([table.read('00', 'x'), table.read('80', 'x')]);
    expect(listReads).toBe(1);
    now += 14;
    await table.read('00', 'x');
    expect(listReads).toBe(1);
    now += 1;
    await table.read('00', 'x');
    expect(listReads).toBe(2);
  });

  it('touches nothing of a slot that is being moved, nor of one whose account nobody knows', async () => {
    const table = spread([
      { from: '10', to: '10', account: secondAccount, movingFrom: 'https://one.example' },
      { from: '20', to: '2f', account: movedAccount },
    ]);
    const insert = (partitionKey: string) => ({ insert: { partitionKey, rowKey: 'x' } });
    for (const attempt of [
      () => table.read('10ff', 'x'),
      () => table.write([insert('10ff')]),
      () => table.page('10', '11', { size: 1, after: undefined }),
      () => table.read('2abc', 'x'),
      () => table.write([insert('2abc')]),
    ])
      await expect(attempt()).rejects.toThrow(Unavailable);
    expect(asked).toEqual([]);
    await table.write([insert('11ff')]);
    expect(asked).toHaveLength(1);
  });

  it('touches nothing while the list cannot be understood', async () => {
    const broken = { range: async () => [{ rowKey: 'ranges:users', ranges: '[{' }] } as unknown as Table;
    const ranges = openRanges(openDeploymentList(broken, () => now));
    asked.length = 0;
    const table = spreadTable({ name: 'users', first: listening('first'), further: new Map(), ranges });
    await expect(table.read('00', 'x')).rejects.toThrow(Unavailable);
    expect(asked).toEqual([]);
  });

  it('is swept in every account: a slice of the sweep is a slot', async () => {
    const table = spread(halves);
    const cursors = new Map<string, number>();
    const deployment = {
      read: async () => ({ slice: cursors.get('users') ?? 0, after: '' }),
      write: async ([change]: readonly { upsert: { slice: number } }[]) => {
        cursors.set('users', change?.upsert.slice ?? 0);
        return { kind: 'done' };
      },
    } as unknown as Table;
    for (let run = 0; run < 256; run++) await sweepTables({ users: table }, { deployment, clock: () => now });
    const swept = (account: string) =>
      asked.filter((each) => each.account === account).map(({ partition }) => partition);
    expect(swept('first')).toHaveLength(128);
    expect(swept('second')).toHaveLength(128);
    expect([swept('first')[0], swept('second').at(-1)]).toEqual(['00', 'ff']);
  });
});
