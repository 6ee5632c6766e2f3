/** What a device that polls is told: every answer of RFC 8628 §3.5, without a server. */
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/oauth/crypto.ts';
import { decideDeviceCode, notApproved, requireOwnDeviceCode } from '../../../src/oauth/grants/device-code.ts';
import type { DeviceRequest } from '../../../src/oauth/grants/device-request.ts';
import type { Family } from '../../../src/oauth/grants/family.ts';
import { clientWith, familyWith, now, refusalBy, resources } from '../samples.ts';

const secret = Buffer.alloc(32, 7);

const requestWith = (change: Partial<DeviceRequest> = {}): DeviceRequest => ({
  requestId: Buffer.alloc(16, 1),
  etag: 'e',
  state: 'pending',
  clientId: 'c',
  scopes: ['read'],
  resources: ['https://api.example'],
  details: undefined,
  codeHash: sha256(secret),
  userCode: 'BCDFGHJK',
  place: undefined,
  agent: undefined,
  createdAt: now - 10,
  expiresAt: now + 100,
  family: undefined,
  ...change,
});

describe('a device code that is not redeemed yet', () => {
  it.each([
    ['authorization_pending while nobody answers', {}, true, 'device_code_pending'],
    ['slow_down when it asks too often', {}, false, 'device_code_polled_too_fast'],
    ['access_denied when the person refused', { state: 'denied' as const }, true, 'device_code_denied'],
    ['access_denied also when it asks too often', { state: 'denied' as const }, false, 'device_code_denied'],
    ['expired_token when the time is over', { expiresAt: now }, true, 'device_code_expired'],
  ])('hears %s', (_, change, mayPoll, reason) => {
    expect(notApproved(requestWith(change), { now, mayPoll }).reason).toBe(reason);
  });

  it.each([
    ['another client', { clientId: 'other' }, secret, 'device_code_of_other_client'],
    ['a secret that was altered', {}, Buffer.alloc(32, 8), 'device_code_altered'],
  ])('is not that of %s', (_, change, presented, reason) => {
    const check = () => requireOwnDeviceCode(requestWith(change), { secret: presented, client: clientWith({}) });
    expect(refusalBy(check)).toMatchObject({ reason });
  });
});

const waiting = (change: Partial<Family> = {}): Family =>
  familyWith({
    state: 'code',
    code: undefined,
    device: { deviceCodeHash: sha256(secret), deviceCodeExpiresAt: now + 60 },
    lineage: undefined,
    redeemedBy: undefined,
    rotatedBy: undefined,
    ...change,
  });

const decide = (family: Family | undefined, everyone = 0) =>
  decideDeviceCode(family, {
    client: clientWith({}),
    jkt: undefined,
    now,
    instants: { everyone, client: 0, person: 0 },
    lifetimes: { accessTokenSeconds: 600, refreshIdleSeconds: 5_000, refreshAbsoluteSeconds: 50_000 },
    resources,
    random: (length) => Buffer.alloc(length, 9),
  });

describe('a device code that was approved', () => {
  it('begins the lineage of a client that refreshes', () => {
    expect(decide(waiting())).toMatchObject({ kind: 'redeem', target: { scopes: ['read'] } });
    expect(decide(waiting()).refresh?.lineage.rotatedAt).toBe(now);
  });

  it.each([
    ['was redeemed', waiting({ state: 'active' }), 0, 'device_code_spent'],
    ['was revoked', waiting({ state: 'ended' }), 0, 'device_code_spent'],
    ['is gone', undefined, 0, 'device_code_spent'],
    [
      'waited too long',
      waiting({ device: { deviceCodeHash: sha256(secret), deviceCodeExpiresAt: now } }),
      0,
      'device_code_expired',
    ],
    ['rests on what was made void', waiting(), now + 1, 'device_code_void'],
  ])('is refused when its family %s', (_, family, everyone, reason) => {
    expect(refusalBy(() => decide(family, everyone))).toMatchObject({ reason });
  });
});
