/** Counting services in passes, whose runs are bounded and may end at any point. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/oauth/errors.ts';
import type { StoredClient } from '../../src/storage/client-rows.ts';
import { openSurveys } from '../../src/storage/survey.ts';

type AnyRow = { readonly partitionKey: string; readonly rowKey: string };

const memory = () => {
  const rows = new Map<string, AnyRow>();
  const stored = (row: AnyRow) => ({ ...row, etag: '', timestamp: '' });
  return {
    rows,
    read: async (_: string, rowKey: string) => rows.get(rowKey) && stored(rows.get(rowKey) as AnyRow),
    range: async () => [...rows.values()].map(stored),
    write: async (changes: readonly { readonly upsert: AnyRow }[]) => {
      for (const { upsert } of changes) rows.set(upsert.rowKey, upsert);
      return { kind: 'done' } as const;
    },
  };
};

/** Services with the numbers from 0 on, of which each was authorized as often as its number says. */
const surveysOf = (count: number, atMost: number) => {
  const calls = { pages: 0, fails: false };
  const deployment = memory();
  const list = async ({ size, after }: { readonly size: number; readonly after: string | undefined }) => {
    calls.pages += 1;
    if (calls.fails) throw new Unavailable('storage');
    const from = after === undefined ? 0 : Number(after) + 1;
    const numbers = Array.from({ length: Math.min(size, count - from) }, (_, index) => from + index);
    const clients = numbers.map((number) => ({ clientId: String(number) }) as StoredClient);
    return { clients, next: from + size < count ? String(from + size - 1) : undefined };
  };
  const surveys = openSurveys({
    deployment: deployment as never,
    clients: { list },
    serviceIndex: { count: async () => 2 },
    clock: () => 1_800_000_000,
    atMost,
  });
  /** Every third needs care; the higher the number the more urgently. */
  const run = () => surveys.run(({ clientId }) => (Number(clientId) % 3 === 0 ? count - Number(clientId) : undefined));
  return { surveys, run, calls, deployment };
};

describe('the count of services', () => {
  it('is unknown before the first pass', async () => {
    expect(await surveysOf(3, 10).surveys.read()).toEqual({ survey: undefined, timerRanAt: undefined });
  });

  it('goes on in the next run where one has stopped, and is told once it is whole', async () => {
    const { surveys, run, calls } = surveysOf(10, 4);
    for (const expected of [undefined, undefined, 10]) {
      await run();
      expect((await surveys.read()).survey?.services).toBe(expected);
    }
    expect(calls.pages).toBe(3);
    expect((await surveys.read()).survey).toEqual({
      services: 10,
      authorizations: 20,
      needy: 4,
      first: [
        ['9', 1],
        ['6', 4],
        ['3', 7],
        ['0', 10],
      ],
      at: 1_800_000_000,
    });
  });

  it('begins anew after a whole pass, and does not lose what the last one found while it counts', async () => {
    const { surveys, run } = surveysOf(10, 5);
    for (let count = 0; count < 3; count++) await run();
    expect((await surveys.read()).survey).toMatchObject({ services: 10, authorizations: 20 });
    await run();
    expect((await surveys.read()).survey).toMatchObject({ services: 10, authorizations: 20 });
  });

  it('counts nothing twice when a run fails', async () => {
    const { surveys, run, calls } = surveysOf(10, 5);
    await run();
    calls.fails = true;
    await expect(run()).rejects.toThrow(Unavailable);
    calls.fails = false;
    await run();
    expect((await surveys.read()).survey).toMatchObject({ services: 10, authorizations: 20 });
  });

  it('names the fifty most urgent of however many', async () => {
    const { surveys, run } = surveysOf(2_000, 5_000);
    await run();
    const { needy, first = [] } = (await surveys.read()).survey ?? {};
    expect([needy, first.length, first[0]]).toEqual([667, 50, ['1998', 2]]);
  });
});
