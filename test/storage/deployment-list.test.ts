import { describe, expect, it } from 'vitest';
import { openDeploymentList } from '../../src/storage/deployment-list.ts';
import type { Table } from '../../src/storage/table.ts';

const now = 1_800_000_000;

/** Each reading waits until the test answers it. */
const slowTable = () => {
  const answers: ((rows: readonly object[]) => void)[] = [];
  const range = () => new Promise((resolve) => answers.push(resolve));
  return { table: { range } as unknown as Table, answers };
};

const everyone = (notBefore: number) => [{ rowKey: 'everyone', notBefore }];

describe('the list that every instance keeps at hand', () => {
  it('is read once for all who ask at the same time', async () => {
    const { table, answers } = slowTable();
    const list = openDeploymentList(table, () => now);
    const both = Promise.all([list.current(), list.current()]);
    answers[0]?.(everyone(1));
    const [one, other] = await both;
    expect([answers.length, one === other, one?.get('everyone')?.notBefore]).toEqual([1, true, 1]);
  });

  it('never hides a change behind a reading that began before it', async () => {
    const { table, answers } = slowTable();
    const list = openDeploymentList(table, () => now);
    const before = list.current();
    list.forget();
    const after = list.current();
    answers[1]?.(everyone(2));
    expect((await after).get('everyone')?.notBefore).toBe(2);
    answers[0]?.(everyone(1));
    expect((await before).get('everyone')?.notBefore).toBe(1);
    expect((await list.current()).get('everyone')?.notBefore).toBe(2);
    expect(answers).toHaveLength(2);
  });

  it('is asked for again after a reading that failed', async () => {
    let reads = 0;
    const range = () => {
      reads += 1;
      return reads === 1 ? Promise.reject(new Error('away')) : Promise.resolve(everyone(3));
    };
    const list = openDeploymentList({ range } as unknown as Table, () => now);
    await expect(list.current()).rejects.toThrow('away');
    expect((await list.current()).get('everyone')?.notBefore).toBe(3);
  });
});
