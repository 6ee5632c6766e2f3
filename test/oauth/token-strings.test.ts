/** The two opaque strings: they carry what they were given, and nothing that was not issued is taken for one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeys } from '../../src/oauth/tokens/deployment-keys.ts';
import {
  formatCode,
  formatRefreshToken,
  parseCode,
  parseRefreshToken,
  successorSecret,
} from '../../src/oauth/tokens/token-strings.ts';

const keys = deriveKeys(Buffer.alloc(32, 1));
const others = deriveKeys(Buffer.alloc(32, 2));
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
const address = fc.record({ userKey: bytes(32), clientKey: bytes(16), familyId: bytes(16) });
const parts = fc.record({ address, secret: bytes(32), familyBytes: bytes(24) });

describe('a code and a refresh token', () => {
  it('say where their row is and what proves them, to who has the keys', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const { familyBytes: _, ...code } = given;
        expect(parseCode(formatCode(code, keys), keys)).toEqual(code);
        expect(parseRefreshToken(formatRefreshToken(given, keys), keys)).toEqual(given);
      }),
    );
  });

  it('are nothing with one character changed, removed or added, nor as the other kind, nor to another deployment', () => {
    fc.assert(
      fc.property(parts, fc.nat(300), fc.constantFrom(...'AZaz09-_.='), fc.nat(2), (given, at, character, removed) => {
        const [code, token] = [formatCode(given, keys), formatRefreshToken(given, keys)];
        const changed = (text: string) => {
          const index = at % text.length;
          const result = text.slice(0, index) + character + text.slice(index + removed);
          fc.pre(result !== text);
          return result;
        };
        expect(parseCode(changed(code), keys)).toBeUndefined();
        expect(parseRefreshToken(changed(token), keys)).toBeUndefined();
        expect([parseCode(token, keys), parseRefreshToken(code, keys)]).toEqual([undefined, undefined]);
        expect([parseCode(code, others), parseRefreshToken(token, others)]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('are nothing with a prefix that belongs to the other kind: the tag covers it', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const [code, token] = [formatCode(given, keys), formatRefreshToken(given, keys)];
        expect(parseRefreshToken(code.replace('assent_ac_', 'assent_rt_'), keys)).toBeUndefined();
        expect(parseCode(token.replace('assent_rt_', 'assent_ac_'), keys)).toBeUndefined();
      }),
    );
  });

  it.each(['', 'assent_ac_', 'assent_rt_', 'assent_rt_AAAA', `assent_ac_${'A'.repeat(150)}`, 'x.y.z', '\u0000'])(
    'are not %j',
    (text) => {
      expect([parseCode(text, keys), parseRefreshToken(text, keys)]).toEqual([undefined, undefined]);
    },
  );
});

describe('the successor of a refresh token', () => {
  it('is the same for the same token and salt, and another for any other of its inputs', () => {
    const [secret, familyId, salt] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2), Buffer.alloc(32, 3)];
    const key = keys.successor;
    const own = successorSecret(secret, { familyId, salt, key }).toString('hex');
    expect(successorSecret(Buffer.alloc(32, 1), { familyId, salt, key }).toString('hex')).toBe(own);
    const different = [
      successorSecret(Buffer.alloc(32, 9), { familyId, salt, key }),
      successorSecret(secret, { familyId: Buffer.alloc(16, 9), salt, key }),
      successorSecret(secret, { familyId, salt: Buffer.alloc(32, 9), key }),
      successorSecret(secret, { familyId, salt, key: others.successor }),
    ].map((one) => one.toString('hex'));
    expect(new Set([own, ...different]).size).toBe(5);
  });
});
