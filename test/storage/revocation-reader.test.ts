/** What one instance knows of the log, over a log that the test writes. */
import { describe, expect, it } from 'vitest';
import type { Announced } from '../../src/oauth/grants/revocation.ts';
import { createRevocationReader } from '../../src/storage/revocation-reader.ts';

const token = (at: number, jti = `jti ${at}`): Announced => ({ kind: 'token', jti, at, id: jti });

/** A log of which the newest come first, read as the table is. */
const readerOf = (log: Announced[], limit: number) => {
  const asked: (readonly [number, number])[] = [];
  const clock = { now: 1_000 };
  const readNewest = async (from: number, to: number) => {
    asked.push([from, to]);
    const rows = log.filter(({ at }) => at >= from && at <= to).toSorted((a, b) => b.at - a.at);
    const cut = rows.slice(0, limit);
    return { revocations: cut, completeSince: rows.length >= limit ? (cut.at(-1)?.at ?? from) : from };
  };
  const reader = createRevocationReader({ clock: () => clock.now, limit, readNewest });
  const ids = async (since: number) => (await reader.since(since)).revocations.map(({ id }) => id);
  return { reader, ids, asked, clock };
};

describe('the log of what ended, as an instance reads it', () => {
  it('is read once in three seconds, and then only what may be new', async () => {
    const log = [token(900)];
    const { ids, asked, clock } = readerOf(log, 10);
    expect(await ids(500)).toEqual(['jti 900']);
    log.push(token(1_001));
    clock.now = 1_002;
    expect(await ids(502)).toEqual(['jti 900']);
    clock.now = 1_003;
    expect(await ids(503)).toEqual(['jti 1001', 'jti 900']);
    expect(asked).toEqual([
      [500, 1_060],
      [940, 1_063],
    ]);
  });

  it('finds a row that landed late, or by a clock that is ahead', async () => {
    const log: Announced[] = [];
    const { ids, clock } = readerOf(log, 10);
    await ids(500);
    log.push(token(945), token(1_055));
    clock.now = 1_004;
    expect(await ids(504)).toEqual(['jti 1055', 'jti 945']);
  });

  it('forgets what no token can rest on any more', async () => {
    const { ids, clock } = readerOf([token(600), token(900)], 10);
    expect(await ids(500)).toEqual(['jti 900', 'jti 600']);
    clock.now = 1_200;
    expect(await ids(700)).toEqual(['jti 900']);
  });

  it('says from when on it knows everything, if there is too much, and keeps the newest', async () => {
    const log = [token(700), token(800), token(900)];
    const { reader, clock } = readerOf(log, 4);
    expect((await reader.since(500)).completeSince).toBe(500);
    log.push(token(1_001), token(1_002));
    clock.now = 1_003;
    const known = await reader.since(503);
    expect(known.revocations.map(({ at }) => at)).toEqual([1_002, 1_001, 900, 800]);
    expect(known.completeSince).toBe(700);
  });

  it('does not take a hole for knowledge when more is new than it can read', async () => {
    const log = [token(700)];
    const { reader, clock } = readerOf(log, 3);
    await reader.since(500);
    log.push(token(1_001), token(1_002), token(1_003), token(1_004));
    clock.now = 1_010;
    expect((await reader.since(510)).completeSince).toBe(1_002);
  });

  it('is the same object while nothing is new', async () => {
    const { reader, clock } = readerOf([token(900)], 10);
    const first = await reader.since(500);
    clock.now = 1_010;
    expect((await reader.since(510)).revocations).toBe(first.revocations);
  });

  it('is asked for again after a reading that failed', async () => {
    let reads = 0;
    const readNewest = async (from: number) => {
      reads += 1;
      if (reads === 1) throw new Error('away');
      return { revocations: [token(900)], completeSince: from };
    };
    const reader = createRevocationReader({ clock: () => 1_000, limit: 10, readNewest });
    await expect(reader.since(500)).rejects.toThrow('away');
    expect((await reader.since(500)).revocations).toHaveLength(1);
  });
});
