import { describe, expect, it } from 'vitest';
import { type Client, hashSecret } from '../../src/oauth/clients/client.ts';
import { endingSecret, secretWarnings } from '../../src/oauth/clients/secret-expiry.ts';

const day = 86_400;

const clientWith = (...secrets: readonly { readonly id: string; readonly days: number }[]): Client =>
  ({
    secrets: secrets.map(({ id, days }) => ({ id, hash: hashSecret(id), createdAt: 0, expiresAt: days * day })),
  }) as unknown as Client;

describe('a secret that ends', () => {
  it.each([
    ['a year', 365, 334, undefined],
    ['a year', 365, 335, 'expiring'],
    ['a year', 365, 365, 'expired'],
    ['a month', 28, 20, undefined],
    ['a month', 28, 21, 'expiring'],
  ])('of %s (%d days) is on day %d: %s', (_what, days, today, outlook) => {
    expect(endingSecret(clientWith({ id: 'a', days }), 'a', today * day)?.outlook).toBe(outlook);
  });

  it('is only the one that was presented', () => {
    const client = clientWith({ id: 'old', days: 10 }, { id: 'new', days: 365 });
    expect(endingSecret(client, 'new', 9 * day)).toBeUndefined();
    expect(endingSecret(client, 'old', 9 * day)?.secret.id).toBe('old');
    expect(endingSecret(client, 'guessed', 9 * day)).toBeUndefined();
  });

  it('is told to operators with what to do about it, and others are not', () => {
    const old = { id: 'old', days: 10 };
    expect(secretWarnings(clientWith(old), 9 * day)).toEqual([
      'secret old expires (1970-01-11T00:00:00Z): add another, hand it to the service, then delete this one',
    ]);
    expect(secretWarnings(clientWith(old, { id: 'new', days: 365 }), 11 * day)).toEqual([
      'secret old has expired (1970-01-11T00:00:00Z): move the service to new, then delete this one',
    ]);
    expect(secretWarnings(clientWith(old), day)).toEqual([]);
  });
});
