import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVerifierOf, requireChallenge } from '../../src/oauth/authorization/pkce.ts';

const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

const verifiers = fc
  .array(fc.constantFrom(...'ABCXYZabcxyz0189-._~'), { minLength: 43, maxLength: 128 })
  .map((characters) => characters.join(''));

describe('PKCE (RFC 7636)', () => {
  it('takes every verifier that the grammar allows, with its own challenge and no other', () => {
    fc.assert(
      fc.property(verifiers, verifiers, (verifier, other) => {
        const challenge = requireChallenge(s256(verifier), 'S256');
        expect(isVerifierOf(challenge, verifier)).toBe(true);
        expect(isVerifierOf(challenge, other)).toBe(other === verifier);
        expect(isVerifierOf(challenge, challenge)).toBe(false);
      }),
    );
  });

  it('takes no challenge that is not the base64url of 32 bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.base64String(),
          fc.string(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (text) => {
          const bytes = Buffer.from(text, 'base64url');
          fc.pre(bytes.length !== 32 || bytes.toString('base64url') !== text);
          expect(() => requireChallenge(text, 'S256')).toThrow('invalid_request');
        },
      ),
    );
  });

  it.each([
    [undefined, 'S256'],
    [s256('x'), 'plain'],
    [s256('x'), undefined],
  ])('tells the newcomer whose request has challenge %j and method %j what to set where', (challenge, method) => {
    expect(() => requireChallenge(challenge, method)).toThrow(/PKCE.*S256.*in the client library/);
  });

  it.each([undefined, '', 'plain', 's256', 'S512', 'S256 '])('knows no method %j', (method) => {
    expect(() => requireChallenge(s256('x'), method)).toThrow('invalid_request: code_challenge_method must be S256');
  });

  it.each([undefined, '', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(43)} `, `${'a'.repeat(42)}é`])(
    'takes no verifier %j, even one that hashes to the challenge',
    (verifier) => {
      expect(isVerifierOf(s256(verifier ?? ''), verifier)).toBe(false);
    },
  );
});
