import { describe, expect, it } from 'vitest';
import type { Announced, Revocation } from '../../src/oauth/grants/revocation.ts';
import { deriveKeys } from '../../src/oauth/tokens/deployment-keys.ts';
import { sessionIdOf, subjectOf } from '../../src/oauth/tokens/locator.ts';
import { blockOf, digestOf, endOf, relevantSince, revocationListOf } from '../../src/oauth/tokens/revocation-list.ts';

const keys = deriveKeys(Buffer.alloc(32, 7));
const address = { userKey: Buffer.alloc(32, 1), clientKey: Buffer.alloc(16, 2), familyId: Buffer.alloc(16, 3) };

const listOf = (revocations: readonly Revocation[], completeSince = 100) => {
  const announced = revocations.map((one, index): Announced => ({ ...one, at: 200, id: String(index) }));
  return revocationListOf({ revocations: announced, completeSince }, 100, keys);
};

const none = { client_id: {}, sub: {}, sid: {} };

describe('the claims of the list', () => {
  it('are empty when nothing has ended', () => {
    expect(listOf([])).toEqual({ ended: { sid: [], jti: [] }, not_before: none });
  });

  it('name sessions and tokens by digests, each once and in an order that says nothing', () => {
    const end = endOf(address, ['https://api.example.com']);
    const [sid, tokens] = [digestOf(sessionIdOf(address, keys.locator)), [digestOf('a'), digestOf('b')].toSorted()];
    const list = listOf([{ kind: 'token', jti: 'b' }, end, { kind: 'token', jti: 'a' }, end]);
    expect(list).toEqual({ ended: { sid: [sid], jti: tokens }, not_before: none });
  });

  it('name the latest instant of each client, person and session, and of everyone', () => {
    const { userKey } = address;
    const list = listOf([
      blockOf('a client', 1_000),
      { ...blockOf('a client', 0), kind: 'client', before: 500 } as Revocation,
      { kind: 'person', userKey, before: 700 },
      { ...endOf(address, []), before: 800 },
      { kind: 'everyone', before: 900 },
    ]);
    expect(list.not_before).toEqual({
      everyone: 900,
      client_id: { [digestOf('a client')]: 1_090 },
      sub: { [digestOf(subjectOf(userKey, keys.subject))]: 700 },
      sid: { [digestOf(sessionIdOf(address, keys.locator))]: 800 },
    });
  });

  it('void tokens from before the instant since which everything is known', () => {
    expect(listOf([], 150).not_before).toEqual({ ...none, everyone: 180 });
  });

  it('reach back as far as a token can live', () => {
    expect(relevantSince(10_000, 600)).toBe(10_000 - 600 - 120);
  });
});
