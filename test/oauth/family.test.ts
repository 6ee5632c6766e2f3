/** What a presented refresh token is to its family: every case of the table, without a server. */
import { describe, expect, it } from 'vitest';
import { byLastUse, type Family, isLive, standingOf } from '../../src/oauth/grants/family.ts';
import {
  codeWith as code,
  current,
  familyWith as family,
  familyBytes,
  limits,
  lineageWith as lineage,
  now,
  old,
  previous,
} from './samples.ts';

const standing = (of: Family, secret: Buffer, at = now, bytes = familyBytes) =>
  standingOf(of, { familyBytes: bytes, secret }, { now: at, limits });

describe('the standing of a refresh token (RFC 9700 §4.14.2)', () => {
  it.each([
    ['the current one', family(), current, 'current'],
    ['the one before, at once', family(), previous, 'previous'],
    ['an older one', family(), old, 'replayed'],
    ['any, of a family that has none', family({ lineage: undefined }), current, 'unknown'],
    ['any, of a family that has ended', family({ state: 'ended' }), current, 'expired'],
    ['any, of a code that waits', family({ state: 'code' }), current, 'expired'],
    ['the current one, unused for too long', family({ lineage: lineage({ idleExpiresAt: now }) }), current, 'expired'],
    ['the current one at the absolute end', family({ absoluteExpiresAt: now }), current, 'expired'],
    [
      'the one before of a first token',
      family({ lineage: lineage({ previousHash: undefined }) }),
      previous,
      'replayed',
    ],
  ] as const)('%s', (_what, of, secret, expected) => {
    expect(standing(of, secret)).toBe(expected);
  });

  it('is unknown beside other family bytes: another family’s token is no replay of this one', () => {
    expect(standing(family(), current, now, Buffer.alloc(24, 9))).toBe('unknown');
  });

  it.each([
    // seconds since the rotation, uses so far, rotations in a row before this one
    [60, 0, 0, 'previous'],
    [60, 9, 0, 'previous'],
    [60, 10, 0, 'exhausted'],
    [61, 0, 0, 'previous'],
    [61, 1, 0, 'exhausted'],
    [3_600, 0, 0, 'previous'],
    [3_600, 1, 0, 'exhausted'],
    [3_601, 0, 0, 'replayed'],
    [0, 0, 3, 'previous'],
    [0, 0, 4, 'replayed'],
  ] as const)('of the one before, %i s after its rotation, used %i times, after a streak of %i: %s', (...row) => {
    const [age, graceUses, graceStreak, expected] = row;
    expect(standing(family({ lineage: lineage({ graceUses, graceStreak }) }), previous, now + age)).toBe(expected);
  });

  it('knows no grace when there is none', () => {
    const none = { now: now + 1, limits: { refreshGraceSeconds: 0, refreshGraceUses: 10 } };
    expect(standingOf(family(), { familyBytes, secret: previous }, none)).toBe('replayed');
  });
});

describe('a family', () => {
  it.each([
    ['code', { state: 'code', code: code(now + 1) }, true],
    ['expired code', { state: 'code', code: code(now) }, false],
    ['active', {}, true],
    ['active without refresh', { lineage: undefined }, true],
    ['code without one', { state: 'code', code: undefined }, false],
    ['ended', { state: 'ended' }, false],
    ['idle', { lineage: lineage({ idleExpiresAt: now }) }, false],
    ['over', { absoluteExpiresAt: now }, false],
  ] as const)('that is %j is live or not: %s', (_what, change, expected) => {
    expect(isLive(family(change), now)).toBe(expected);
  });

  it('is sorted by its last use, and within a second by the store’s clock', () => {
    const first = family({ lineage: lineage({ rotatedAt: now - 5 }) });
    const second = family({ modifiedAt: '2026-11-25T12:00:01.1Z' });
    const third = family({ modifiedAt: '2026-11-25T12:00:01.2Z' });
    const unused = family({ lineage: undefined, createdAt: now - 90 });
    expect([third, second, unused, first].sort(byLastUse)).toEqual([unused, first, second, third]);
  });
});
