import { describe, expect, it } from 'vitest';
import { freshnessOf } from '../../src/oauth/authorization/freshness.ts';
import type { Session } from '../../src/oauth/authorization/session.ts';

const now = 1_800_000_000;

const session = (change: Partial<Session> = {}): Session => ({
  userKey: Buffer.alloc(32),
  secret: Buffer.alloc(32),
  formSecret: Buffer.alloc(32),
  etag: 'e',
  displayName: 'Alice',
  accountName: 'alice',
  person: undefined,
  role: undefined,
  createdAt: now - 10,
  startedAt: now - 20,
  authTime: now - 15,
  acr: undefined,
  amr: undefined,
  requestDigest: 'this',
  idleExpiresAt: now + 100,
  absoluteExpiresAt: now + 1_000,
  browser: undefined,
  system: undefined,
  from: undefined,
  ...change,
});

const plain = { digest: 'this', prompts: [], maxAgeSeconds: undefined } as const;
const login = { ...plain, prompts: ['login'] } as const;
const choose = { ...plain, prompts: ['select_account'] } as const;
const young = (maxAgeSeconds: number) => ({ ...plain, maxAgeSeconds });

const old = { requestDigest: 'another', createdAt: now - 5_000, startedAt: now - 5_020, authTime: now - 5_010 };
/** Came back from the provider for this request, but the provider answered from a session of long ago. */
const stale = { authTime: now - 9_000 };

describe('whether a session is fresh enough (OpenID Connect Core §3.1.2.1)', () => {
  it.each([
    ['nobody is signed in', undefined, plain, 'sign in'],
    ['nothing special is asked', session(old), plain, 'fresh'],
    ['login, and the session is older than the request', session(old), login, 'sign in'],
    ['login, and the session was made for this request', session(), login, 'fresh'],
    ['login, made for another request a moment ago', session({ requestDigest: 'another' }), login, 'sign in'],
    ['login, made for a page and not for a request', session({ requestDigest: undefined }), login, 'sign in'],
    [
      'login, made for the same request too long ago',
      session({ createdAt: now - 301, startedAt: now - 310, authTime: now - 305 }),
      login,
      'sign in',
    ],
    [
      'login, made for the same request just in time',
      session({ createdAt: now - 300, startedAt: now - 310, authTime: now - 305 }),
      login,
      'fresh',
    ],
    ['login, but the provider answered from an old session', session(stale), login, 'refused upstream'],
    ['login, but the provider does not say when', session({ authTime: undefined }), login, 'refused upstream'],
    ['login, and the provider’s clock is 5 seconds behind', session({ authTime: now - 25 }), login, 'fresh'],
    ['login, and the provider’s clock is 6 seconds behind', session({ authTime: now - 26 }), login, 'refused upstream'],
    ['select_account, made for this request', session(stale), choose, 'fresh'],
    ['select_account, made for another', session({ requestDigest: 'another' }), choose, 'sign in'],
    ['max_age, young enough', session({ ...old, authTime: now - 60 }), young(60), 'fresh'],
    ['max_age, one second too old', session({ ...old, authTime: now - 61 }), young(60), 'sign in'],
    ['max_age, and the provider does not say when', session({ ...old, authTime: undefined }), young(60), 'sign in'],
    ['max_age of zero, signed in for this request', session(), young(0), 'fresh'],
    ['max_age of zero, signed in for another', session({ requestDigest: 'another' }), young(0), 'sign in'],
    ['max_age, but the provider answered from an old session', session(stale), young(60), 'refused upstream'],
    [
      'max_age, a lying provider whose old session is young enough',
      session({ authTime: now - 30 }),
      young(60),
      'fresh',
    ],
    ['the tokens must say when, and it is known', session(old), { ...plain, needsAuthTime: true }, 'fresh'],
    [
      'the tokens must say when, and it is not known',
      session({ ...old, authTime: undefined }),
      { ...plain, needsAuthTime: true },
      'sign in',
    ],
    [
      'the tokens must say when, and the provider did not',
      session({ authTime: undefined }),
      { ...plain, needsAuthTime: true },
      'refused upstream',
    ],
    ['another person is expected', session(old), { ...plain, isExpected: false }, 'sign in'],
    ['another person is expected, who did not come', session(), { ...plain, isExpected: false }, 'another person'],
    [
      'a level is required that is there',
      session({ ...old, acr: 'b' }),
      { ...plain, requiredAcr: ['a', 'b'] },
      'fresh',
    ],
    ['a level is required', session({ ...old, acr: 'c' }), { ...plain, requiredAcr: ['a', 'b'] }, 'sign in'],
    ['a level is required, and not reached', session(), { ...plain, requiredAcr: ['a'] }, 'level not met'],
    ['a level is wanted', session({ ...old, acr: 'c' }), { ...plain, wantedAcr: ['a'] }, 'sign in'],
    ['a level is wanted, and not reached', session({ acr: 'c' }), { ...plain, wantedAcr: ['a'] }, 'fresh'],
    ['a level is wanted of a provider that tells none', session(old), { ...plain, wantedAcr: ['a'] }, 'fresh'],
    [
      'a level is wanted where nobody may be asked',
      session({ ...old, acr: 'c' }),
      { ...plain, prompts: ['none'], wantedAcr: ['a'] },
      'fresh',
    ],
  ] as const)('%s', (_name, current, request, expected) => {
    expect(freshnessOf(current, request, now)).toBe(expected);
  });
});
