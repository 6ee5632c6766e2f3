import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/oauth/crypto.ts';
import { newUserCode, shownUserCode, typedUserCode } from '../../src/oauth/tokens/user-code.ts';

describe('user codes (RFC 8628 §6.1)', () => {
  it('are eight letters that no other letter or digit is mistaken for', () => {
    for (let each = 0; each < 200; each++) expect(newUserCode(systemRandom)).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
  });

  it('use every letter as often as any other: bytes that would favour the first ones are thrown away', () => {
    let next = 0;
    const counting = (length: number) => Buffer.from(Array.from({ length }, () => next++ % 256));
    const codes = Array.from({ length: 60 }, () => newUserCode(counting)).join('');
    const counts = [...new Set(codes)].map((letter) => codes.split(letter).length - 1);
    expect(counts).toHaveLength(20);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(4);
  });

  it.each(['bcdf-ghjk', 'BCDFGHJK', ' bcdf ghjk ', 'BCDF–GHJK', 'bcdf_ghjk', 'b.c.d.f.g.h.j.k'])(
    'are read from %j',
    (typed) => {
      expect(typedUserCode(typed)).toBe('BCDFGHJK');
      expect(shownUserCode('BCDFGHJK')).toBe('BCDF-GHJK');
    },
  );

  it.each(['', 'BCDF', 'BCDF-GHJKL', 'ABCD-FGHJ', '1234-5678', 'BCDF/GHJK', 'ＢＣＤＦＧＨＪＫ'])(
    'are not %j',
    (typed) => {
      expect(typedUserCode(typed)).toBeUndefined();
    },
  );
});
