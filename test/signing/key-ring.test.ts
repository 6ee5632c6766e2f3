import { describe, expect, test } from 'vitest';
import {
  chooseSigningVersion,
  clockSkewSeconds,
  type KeyVersion,
  publishBeforeUseSeconds,
  publishedVersions,
} from '../../src/signing/key-ring.ts';

const now = 1_780_000_000;
const day = 86_400;

const version = (id: string, ageSeconds: number, change: Partial<KeyVersion> = {}): KeyVersion => ({
  id,
  enabled: true,
  createdAt: now - ageSeconds,
  notBefore: undefined,
  expiresAt: undefined,
  ...change,
});

const ids = (versions: readonly KeyVersion[]): string[] => versions.map(({ id }) => id);

describe('the version that signs', () => {
  const cases: { name: string; versions: KeyVersion[]; expected: string | undefined }[] = [
    { name: 'is the only one of a new vault, at once', versions: [version('a', 0)], expected: 'a' },
    { name: 'is the only one of a day-old vault', versions: [version('a', day)], expected: 'a' },
    { name: 'is the newest that is settled', versions: [version('b', day), version('a', 3 * day)], expected: 'b' },
    {
      name: 'is not the newest while verifiers may not know it',
      versions: [version('a', day), version('b', publishBeforeUseSeconds - 1)],
      expected: 'a',
    },
    {
      name: 'is the newest as soon as it is settled',
      versions: [version('a', day), version('b', publishBeforeUseSeconds)],
      expected: 'b',
    },
    {
      name: 'is the oldest when none is settled',
      versions: [version('b', 10), version('a', 20), version('c', 0)],
      expected: 'a',
    },
    {
      name: 'is the fresh one at once when the settled one was disabled',
      versions: [version('a', day, { enabled: false }), version('b', 5)],
      expected: 'b',
    },
    {
      name: 'is never before its nbf',
      versions: [version('a', 9 * day), version('b', day, { notBefore: now + 1 })],
      expected: 'a',
    },
    {
      name: 'is never at or after its exp',
      versions: [version('a', 9 * day), version('b', day, { expiresAt: now })],
      expected: 'a',
    },
    { name: 'is none when all are disabled', versions: [version('a', day, { enabled: false })], expected: undefined },
    { name: 'is none when there is none', versions: [], expected: undefined },
    {
      name: 'is the same on every instance when two were created in one second',
      versions: [version('b', day), version('a', day)],
      expected: 'a',
    },
  ];
  test.each(cases)('$name', ({ versions, expected }) => {
    expect(chooseSigningVersion(versions, now)?.id).toBe(expected);
    expect(chooseSigningVersion(versions.toReversed(), now)?.id).toBe(expected);
  });
});

describe('the published versions', () => {
  const published = (...versions: KeyVersion[]): string[] => ids(publishedVersions(versions, now, 600));
  const lastTokenGone = publishBeforeUseSeconds + 600 + clockSkewSeconds;

  test('include the next one from its creation on', () => {
    expect(published(version('a', day), version('b', 0))).toEqual(['b', 'a']);
  });

  test('include the one before until its last token has expired', () => {
    expect(published(version('a', 9 * day), version('b', lastTokenGone - 1))).toEqual(['b', 'a']);
    expect(published(version('a', 9 * day), version('b', lastTokenGone))).toEqual(['b']);
  });

  test('never include a disabled one, whatever tokens live', () => {
    expect(published(version('a', day, { enabled: false }), version('b', 5))).toEqual(['b']);
  });

  test('include an expired one while its last tokens live', () => {
    expect(published(version('a', day, { expiresAt: now - 100 }), version('b', 50))).toEqual(['b', 'a']);
    expect(published(version('a', day, { expiresAt: now - 661 }), version('b', 50))).toEqual(['b']);
  });

  test('include one whose nbf is still to come, and the one that signs meanwhile', () => {
    expect(published(version('a', 9 * day), version('b', day, { notBefore: now + 60 }))).toEqual(['b', 'a']);
  });

  test('include the one that signs again because a newer one was disabled', () => {
    expect(published(version('a', 9 * day), version('b', 5 * day, { enabled: false }))).toEqual(['a']);
  });

  test('always include the one that signs', () => {
    for (let age = 0; age < 4_000; age += 37) {
      const versions = [
        version('a', age),
        version('b', age * 2),
        version('c', age * 3, { expiresAt: now + 500 - age }),
      ];
      const signing = chooseSigningVersion(versions, now);
      expect(published(...versions)).toContain(signing?.id);
    }
  });
});
