/** Whether a refresh token rotates, repeats or ends its lineage (OAuth 2.1 §4.3), without a server. */
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/oauth/clients/client.ts';
import { sha256 } from '../../../src/oauth/crypto.ts';
import type { Family } from '../../../src/oauth/grants/family.ts';
import {
  decideRefresh,
  derivableSuccessor,
  type RefreshContext,
  type RefreshRequest,
} from '../../../src/oauth/grants/refresh-token.ts';
import { type Reason, reasons } from '../../../src/oauth/reasons.ts';
import { deriveKeys } from '../../../src/oauth/tokens/deployment-keys.ts';
import { successorSecret } from '../../../src/oauth/tokens/token-strings.ts';
import {
  clientWith,
  current,
  familyBytes,
  familyWith,
  limits,
  lineageWith,
  now,
  old,
  previous,
  refusalBy,
  resources,
} from '../samples.ts';

const successorKey = deriveKeys(Buffer.alloc(32, 6)).successor;
const lifetimes = { ...limits, accessTokenSeconds: 600, refreshIdleSeconds: 5_000 };
const granted = { scopes: ['read', 'write'], resources: ['https://api.example', 'https://files.example'] };
const newSalt = Buffer.alloc(32, 9);

const activeWith = (change: Partial<Family> = {}): Family => familyWith({ ...granted, ...change });
const { address } = activeWith();

const tokenOf = (secret: Buffer, bytes = familyBytes) => ({ address, secret, familyBytes: bytes });

type Case = {
  readonly request?: Partial<RefreshRequest>;
  readonly family?: Family | undefined;
  readonly client?: Partial<Client>;
  readonly context?: Partial<RefreshContext>;
};

const decide = ({ request, client, context, ...rest }: Case = {}) =>
  decideRefresh(
    { token: tokenOf(current), scope: undefined, resources: [], ...request },
    {
      client: clientWith(client),
      jkt: undefined,
      family: 'family' in rest ? rest.family : activeWith(),
      now,
      instants: { everyone: 0, person: 0, client: 0 },
      successorKey,
      lifetimes,
      resources,
      random: () => newSalt,
      ...context,
    },
  );

const nothingVoid = { everyone: 0, person: 0, client: 0 };
const usedUp = activeWith({ lineage: lineageWith({ graceUses: 10 }) });

/** Sentence, what differs from a good request, and the reason. */
const refusals: readonly (readonly [string, Case, Reason])[] = [
  ['a token that was never issued', { family: undefined }, 'refresh_token_unknown'],
  [
    'a token issued to another client (RFC 6749 §6)',
    { family: activeWith({ clientId: 'd' }) },
    'refresh_token_of_other_client',
  ],
  [
    'a token with other family bytes: a guess',
    { request: { token: tokenOf(current, Buffer.alloc(24, 8)) } },
    'refresh_token_unknown',
  ],
  [
    'a token of a family that does not refresh',
    { family: activeWith({ lineage: undefined }) },
    'refresh_token_unknown',
  ],
  [
    'a token of a family that has ended (2.1 §4.3)',
    { family: activeWith({ state: 'ended' }) },
    'refresh_token_expired',
  ],
  [
    'a token unused for too long',
    { family: activeWith({ lineage: lineageWith({ idleExpiresAt: now }) }) },
    'refresh_token_expired',
  ],
  [
    'a token at the absolute end of its family (ASVS 10.4.8)',
    { family: activeWith({ absoluteExpiresAt: now }) },
    'refresh_token_expired',
  ],
  [
    'the one before, used too often',
    { request: { token: tokenOf(previous) }, family: usedUp },
    'refresh_token_exhausted',
  ],
  [
    'the one before, whose successor was derived with another key',
    { request: { token: tokenOf(previous) } },
    'refresh_token_overtaken',
  ],
  [
    'a token void for everyone',
    { context: { instants: { ...nothingVoid, everyone: now - 200 } } },
    'refresh_token_void',
  ],
  [
    'a token void for the person',
    { context: { instants: { ...nothingVoid, person: now - 200 } } },
    'refresh_token_void',
  ],
  [
    'a token void for the client',
    { context: { instants: { ...nothingVoid, client: now - 150 } } },
    'refresh_token_void',
  ],
  ['a scope that was not granted (RFC 6749 §6)', { request: { scope: 'read share' } }, 'scope_not_granted'],
  ['a scope outside the grammar (RFC 6749 §3.3)', { request: { scope: 'read  write' } }, 'scope_malformed'],
  [
    'a scope that was taken from the client',
    { request: { scope: 'write' }, client: { scopes: ['read'] } },
    'scope_not_granted',
  ],
  [
    'a resource that was not granted (RFC 8707 §2.2)',
    { request: { resources: ['https://x.example'] } },
    'resource_not_granted',
  ],
  ['a grant whose resources are gone', { context: { resources: [] } }, 'resource_gone'],
];

describe('a refresh token', () => {
  it.each(refusals)('is refused: %s', (_sentence, differing, reason) => {
    expect(refusalBy(() => decide(differing))).toMatchObject({ code: reasons[reason], reason });
  });

  it('is refused in the same words, whichever of them it is', () => {
    const grants = refusals.filter(([, , reason]) => reasons[reason] === 'invalid_grant');
    const words = grants.map(([, differing]) => refusalBy(() => decide(differing))?.description);
    expect(new Set(words)).toEqual(new Set(['the refresh token is not valid']));
  });

  it('replaced long ago is a replay (RFC 9700 §4.14.2), even where it is void or asks for too much', () => {
    const token = tokenOf(old);
    expect(decide({ request: { token } })).toEqual({ kind: 'replayed' });
    expect(decide({ request: { token, scope: 'share' } })).toEqual({ kind: 'replayed' });
    expect(decide({ request: { token }, context: { instants: { ...nothingVoid, everyone: now } } })).toEqual({
      kind: 'replayed',
    });
  });

  it.each([
    ['another client', activeWith({ clientId: 'd' })],
    ['a family that has ended', activeWith({ state: 'ended' })],
  ])('replaced long ago and of %s is no replay: nothing ends', (_whose, family) => {
    expect(refusalBy(() => decide({ request: { token: tokenOf(old) }, family }))?.code).toBe('invalid_grant');
  });
});

describe('a rotation', () => {
  const rotated = (differing: Case = {}) => {
    const decision = decide(differing);
    if (decision.kind !== 'rotate') throw new Error(`not rotated but ${decision.kind}`);
    return decision;
  };

  it('derives the successor from the secret that was presented and a new salt', () => {
    const { successor, lineage } = rotated();
    expect(successor).toEqual(
      successorSecret(current, { familyId: address.familyId, salt: newSalt, key: successorKey }),
    );
    expect(lineage).toEqual({
      familyBytesHash: sha256(familyBytes),
      currentHash: sha256(successor),
      previousHash: sha256(current),
      salt: newSalt,
      rotatedAt: now,
      graceUses: 0,
      graceStreak: 0,
      idleExpiresAt: now + lifetimes.refreshIdleSeconds,
    });
  });

  it.each([
    [0, 0, 0],
    [0, 3, 0],
    [1, 0, 1],
    [4, 2, 3],
  ])('after %i uses of the one before and a streak of %i has a streak of %i', (graceUses, graceStreak, expected) => {
    const { lineage } = rotated({ family: activeWith({ lineage: lineageWith({ graceUses, graceStreak }) }) });
    expect(lineage.graceStreak).toBe(expected);
  });

  it('never outlives the family (ASVS 10.4.8), whose row is kept until the access token has expired', () => {
    const { lineage, keepUntil } = rotated({ family: activeWith({ absoluteExpiresAt: now + 100 }) });
    expect([lineage.idleExpiresAt, keepUntil]).toEqual([now + 100, now + 700]);
  });

  it.each([
    ['all that was granted', {}, {}, { ...granted }],
    ['what is asked for', { scope: 'write' }, {}, { scopes: ['write'], resources: ['https://api.example'] }],
    [
      'what is at the resource that is asked for',
      { resources: ['https://files.example'] },
      {},
      { scopes: ['read'], resources: ['https://files.example'] },
    ],
    ['what the client may still ask for', {}, { scopes: ['read'] }, { ...granted, scopes: ['read'] }],
  ] as const)('gives %s (RFC 6749 §6, RFC 8707 §2.2)', (_what, request, client, target) => {
    expect(rotated({ request, client }).target).toEqual(target);
  });
});

describe('the token before the current one', () => {
  const salt = Buffer.alloc(32, 5);
  const successor = successorSecret(previous, { familyId: address.familyId, salt, key: successorKey });
  const lineage = lineageWith({ salt, currentHash: sha256(successor) });
  const family = activeWith({ lineage });

  it('gives the successor that it had again, with what is asked for now', () => {
    const request = { token: tokenOf(previous), scope: 'write' };
    expect(decide({ request, family })).toEqual({
      kind: 'repeat',
      successor,
      target: { scopes: ['write'], resources: ['https://api.example'] },
    });
  });

  it.each([
    ['an ended family', activeWith({ lineage, state: 'ended' }), previous],
    ['a family without a lineage', activeWith({ lineage: undefined }), previous],
    ['a lineage that never rotated', activeWith({ lineage: lineageWith({ salt: undefined }) }), previous],
    ['a lineage that went on', activeWith({ lineage: { ...lineage, currentHash: sha256(current) } }), previous],
    ['another token', family, old],
  ])('has no successor that could be derived in %s', (_where, of, secret) => {
    expect(derivableSuccessor(of, tokenOf(secret), successorKey)).toBeUndefined();
  });

  it('that lost the write to another rotation gets that one’s successor', () => {
    expect(derivableSuccessor(family, tokenOf(previous), successorKey)).toEqual(successor);
  });
});
