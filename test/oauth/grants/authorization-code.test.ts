/** Whether a code is redeemed: every refusal of OAuth 2.1 §4.1.3, and what a redemption makes, without a server. */
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/oauth/clients/client.ts';
import { sha256 } from '../../../src/oauth/crypto.ts';
import { type CodeContext, type CodeRequest, decideCode } from '../../../src/oauth/grants/authorization-code.ts';
import type { Family } from '../../../src/oauth/grants/family.ts';
import { type Reason, reasons } from '../../../src/oauth/reasons.ts';
import { challengeOf } from '../../support/service.ts';
import { clientWith, codeWith, familyWith, now, refusalBy, resources } from '../samples.ts';

const secret = Buffer.alloc(32, 7);
const verifier = 'v'.repeat(43);
const lifetimes = { accessTokenSeconds: 600, refreshIdleSeconds: 5_000, refreshAbsoluteSeconds: 50_000 };

const codeUntil = (codeExpiresAt: number) =>
  codeWith(codeExpiresAt, { codeHash: sha256(secret), codeChallenge: challengeOf(verifier) });

const waiting = (change: Partial<Family> = {}): Family =>
  familyWith({
    state: 'code',
    code: codeUntil(now + 60),
    scopes: ['read', 'write'],
    lineage: undefined,
    redeemedBy: undefined,
    rotatedBy: undefined,
    ...change,
  });

type Case = {
  readonly request?: Partial<CodeRequest>;
  readonly family?: Family | undefined;
  readonly client?: Partial<Client>;
  readonly context?: Partial<CodeContext>;
};

const decide = ({ request, client, context, ...rest }: Case = {}) =>
  decideCode(
    { secret, redirectUri: undefined, codeVerifier: verifier, resources: [], ...request },
    {
      client: clientWith(client),
      jkt: undefined,
      family: 'family' in rest ? rest.family : waiting(),
      now,
      instants: { everyone: 0, person: 0, client: 0 },
      lifetimes,
      resources,
      random: (length) => Buffer.alloc(length, 9),
      ...context,
    },
  );

const voidAt = { everyone: 0, person: 0, client: 0 };

/** Sentence, what differs from a good request, and the reason. */
const refusals: readonly (readonly [string, Case, Reason])[] = [
  ['a code that was never issued', { family: undefined }, 'code_unknown'],
  ['a code issued to another client (2.1 §4.1.3)', { family: waiting({ clientId: 'd' }) }, 'code_of_other_client'],
  ['a code with another secret', { request: { secret: Buffer.alloc(32, 8) } }, 'code_altered'],
  [
    'a redirect_uri that is not the one of the request (RFC 6749 §4.1.3)',
    { request: { redirectUri: 'https://app.example/cb2' } },
    'redirect_uri_differs',
  ],
  ['a redirect_uri that is empty where the request had one', { request: { redirectUri: '' } }, 'redirect_uri_differs'],
  [
    'a redirect URI that is registered no longer',
    { client: { redirectUris: ['https://app.example/new'] } },
    'redirect_uri_gone',
  ],
  ['no code_verifier (RFC 7636 §4.5)', { request: { codeVerifier: undefined } }, 'code_verifier_missing'],
  ['another code_verifier (RFC 7636 §4.6)', { request: { codeVerifier: 'w'.repeat(43) } }, 'code_verifier_wrong'],
  [
    'the challenge as code_verifier: there is no method plain',
    { request: { codeVerifier: challengeOf(verifier) } },
    'code_verifier_wrong',
  ],
  ['an expired code (RFC 6749 §4.1.2)', { family: waiting({ code: codeUntil(now) }) }, 'code_expired'],
  ['a code that was ended before its use', { family: waiting({ state: 'ended' }) }, 'code_ended'],
  ['a code that was ended after its use', { family: waiting({ state: 'ended', redeemedBy: 'r' }) }, 'code_spent'],
  [
    'a code void for everyone: its session is older than the instant',
    { context: { instants: { ...voidAt, everyone: now - 200 } } },
    'code_void',
  ],
  ['a code void for the person', { context: { instants: { ...voidAt, person: now - 200 } } }, 'code_void'],
  ['a code void for the client', { context: { instants: { ...voidAt, client: now - 150 } } }, 'code_void'],
  [
    'a resource that is not part of the grant (RFC 8707 §2.2)',
    { request: { resources: ['https://files.example'] } },
    'resource_not_granted',
  ],
  ['a grant of which the client may ask for nothing any more', { client: { scopes: [] } }, 'scope_none_left'],
  ['a grant whose resource is gone', { context: { resources: [] } }, 'resource_gone'],
];

/** What its holder need not know. */
const mute: readonly Reason[] = ['code_unknown', 'code_of_other_client', 'code_altered', 'code_void'];

describe('a code', () => {
  it.each(refusals)('is refused: %s', (_sentence, differing, reason) => {
    expect(refusalBy(() => decide(differing))).toMatchObject({ code: reasons[reason], reason });
  });

  it('is refused in the same words, whichever of the things is wrong that its holder need not know', () => {
    const silent = refusals.filter(([, , reason]) => mute.includes(reason));
    const words = silent.map(([, differing]) => refusalBy(() => decide(differing))?.description);
    expect(new Set(words)).toEqual(new Set(['the code is not valid']));
  });

  it('is refused for a wrong binding before its use counts: an invalid replay ends nothing (RFC 9700 §4.5.3)', () => {
    const used = waiting({ state: 'active', redeemedBy: 'r' });
    const bindings = refusals.filter(
      ([, differing]) => differing.family === undefined && differing.context === undefined,
    );
    for (const [, differing, reason] of bindings) {
      if ('family' in differing || reasons[reason] !== 'invalid_grant') continue;
      expect(refusalBy(() => decide({ ...differing, family: used }))?.code).toBe('invalid_grant');
    }
    expect(decide({ family: used })).toEqual({ kind: 'replayed' });
  });

  it('is replayed however long ago it expired (RFC 6749 §4.1.2)', () => {
    const used = waiting({ state: 'active', redeemedBy: 'r', code: codeUntil(now - 1_000) });
    expect(decide({ family: used })).toEqual({ kind: 'replayed' });
  });

  it('is good until the second in which it expires, and with its redirect_uri as without', () => {
    expect(decide({ family: waiting({ code: codeUntil(now + 1) }) }).kind).toBe('redeem');
    expect(decide({ request: { redirectUri: 'https://app.example/cb' } }).kind).toBe('redeem');
  });

  it('is good when the instants are just older than what it rests on', () => {
    const instants = { everyone: now - 201, person: now - 201, client: now - 151 };
    expect(decide({ context: { instants } }).kind).toBe('redeem');
  });

  it('gives what was granted, less what was since taken from the client', () => {
    expect(decide()).toMatchObject({ target: { scopes: ['read', 'write'], resources: ['https://api.example'] } });
    expect(decide({ client: { scopes: ['read'] } })).toMatchObject({ target: { scopes: ['read'] } });
  });
});

describe('the lineage that a redemption begins', () => {
  const redeemed = (differing: Case = {}) => {
    const decision = decide(differing);
    if (decision.kind !== 'redeem') throw new Error(`not redeemed but ${decision.kind}`);
    return decision;
  };

  it('knows its family bytes and its first secret by their hashes only, and none before it', () => {
    const { refresh } = redeemed();
    expect(refresh?.lineage).toEqual({
      familyBytesHash: sha256(refresh?.familyBytes ?? ''),
      currentHash: sha256(refresh?.secret ?? ''),
      previousHash: undefined,
      salt: undefined,
      rotatedAt: now,
      graceUses: 0,
      graceStreak: 0,
      idleExpiresAt: now + lifetimes.refreshIdleSeconds,
    });
    expect([refresh?.familyBytes.length, refresh?.secret.length]).toEqual([24, 32]);
  });

  it.each([
    ['the absolute life of a lineage', { consentExpiresAt: now + 2_000_000 }, 50_000, 5_000],
    ['the end of the approval, where that comes first', { consentExpiresAt: now + 3_000 }, 3_000, 3_000],
  ] as const)('ends with %s, and is kept until its last access token has expired', (_what, change, absolute, idle) => {
    const { absoluteExpiresAt, refresh, keepUntil } = redeemed({ family: waiting(change) });
    expect(absoluteExpiresAt).toBe(now + absolute);
    expect(refresh?.lineage.idleExpiresAt).toBe(now + idle);
    expect(keepUntil).toBe(now + idle + lifetimes.accessTokenSeconds);
  });

  it('is none for a client that does not refresh: the family lives as long as its access token', () => {
    const { refresh, absoluteExpiresAt, keepUntil } = redeemed({ client: { grantTypes: ['authorization_code'] } });
    expect(refresh).toBeUndefined();
    expect([absoluteExpiresAt, keepUntil]).toEqual([now + 600, now + 600]);
  });
});
