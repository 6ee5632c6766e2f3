import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  derivedCode,
  formTokenOf,
  isFormToken,
  openApproval,
  sealApproval,
} from '../../src/oauth/authorization/approval.ts';
import type { Session } from '../../src/oauth/authorization/session.ts';
import type { Lasting } from '../../src/oauth/grants/lasting.ts';

const now = 1_800_000_000;

const session = (change: Partial<Session> = {}): Session => ({
  userKey: Buffer.alloc(32, 1),
  secret: Buffer.alloc(32, 7),
  formSecret: Buffer.alloc(32, 2),
  etag: 'e',
  displayName: 'Alice',
  accountName: 'alice',
  person: undefined,
  role: undefined,
  createdAt: now,
  startedAt: now,
  authTime: now,
  acr: undefined,
  amr: undefined,
  requestDigest: undefined,
  idleExpiresAt: now + 100,
  absoluteExpiresAt: now + 1_000,
  browser: undefined,
  system: undefined,
  from: undefined,
  ...change,
});

const approval: Approval = {
  request: 'request digest',
  shown: 'shown digest',
  grant: {
    etag: 'etag',
    permissions: ['https://api.example read'],
    declined: ['https://api.example write'],
    families: [Buffer.alloc(16, 7), Buffer.alloc(16, 8)],
    once: [],
    byOperator: [],
    lasting: '30 days',
    redirectHosts: ['app.example'],
    redirectHost: 'app.example',
    shownDigest: 'digest',
    clientName: 'Reports',
    clientUri: undefined,
    clientPublisher: undefined,
    grantedAt: now - 10,
    connectedAt: undefined,
    idleExpiresAt: now + 500,
    sessionAt: now - 20,
    consentAt: now - 10,
    expiresAt: now + 1_000,
  },
  nonce: 'nonce',
  issuedAt: now,
};

describe('the token of the approval page', () => {
  it('gives back to its own session what was sealed', () => {
    expect(openApproval(sealApproval(approval, session()), session())).toEqual(approval);
    const first = { ...approval, grant: undefined };
    expect(openApproval(sealApproval(first, session()), session())?.grant).toBeUndefined();
  });

  it('is packed where the person allows a lot, and then no longer than a quarter', () => {
    const permissions = Array.from({ length: 200 }, (_, index) => `https://api.example permission.${index}`);
    const large = { ...approval, grant: approval.grant && { ...approval.grant, permissions } };
    const token = sealApproval(large, session());
    expect(openApproval(token, session())).toEqual(large);
    expect(token.length).toBeLessThan(JSON.stringify(permissions).length / 4);
    expect([token[0], sealApproval(approval, session())[0]]).toEqual([expect.stringMatching(/[\w-]/), '~']);
  });

  it('is nothing to another browser, or another person with the same form secret', () => {
    const token = sealApproval(approval, session());
    expect(openApproval(token, session({ formSecret: Buffer.alloc(32, 3) }))).toBeUndefined();
    expect(openApproval(token, session({ userKey: Buffer.alloc(32, 3) }))).toBeUndefined();
  });

  it('is nothing once any character of it is changed, added or removed', () => {
    const token = sealApproval(approval, session());
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom(...'AZaz09-_.='),
        fc.nat(2),
        (index, character, removed) => {
          const changed = token.slice(0, index) + character + token.slice(index + removed);
          fc.pre(changed !== token);
          expect(openApproval(changed, session())).toBeUndefined();
        },
      ),
      { numRuns: 2_000 },
    );
    for (const text of ['', '.', 'e30.e30', `${token}.`, `${token}.x`])
      expect(openApproval(text, session())).toBeUndefined();
  });
});

describe('the code of a decision', () => {
  it('is the same for the same page, decision and browser, and another for any other', () => {
    const textOf = (one: Approval, scopes: readonly string[], whose: Session, lasting: Lasting = 'until revoked') => {
      const { familyId, secret } = derivedCode(one, { scopes, lasting }, whose);
      expect([familyId.length, secret.length]).toEqual([16, 32]);
      return `${familyId.toString('hex')} ${secret.toString('hex')}`;
    };
    const own = textOf(approval, ['read'], session());
    expect(textOf({ ...approval }, ['read'], session())).toBe(own);
    const others = [
      textOf({ ...approval, nonce: 'another' }, ['read'], session()),
      textOf(approval, ['read', 'write'], session()),
      textOf(approval, ['read'], session({ formSecret: Buffer.alloc(32, 9) })),
      textOf(approval, ['read'], session(), 'once'),
    ];
    const parts = [own, ...others].flatMap((text) => text.split(' '));
    expect(new Set(parts).size).toBe(10);
  });
});

describe('the token of simple forms', () => {
  it('belongs to one session', () => {
    const token = formTokenOf(session());
    expect(isFormToken(token, session())).toBe(true);
    expect(isFormToken(token, session({ formSecret: Buffer.alloc(32, 9) }))).toBe(false);
    for (const text of [undefined, '', `${token}x`, `${token}=`, token.slice(1)])
      expect(isFormToken(text, session())).toBe(false);
  });
});
