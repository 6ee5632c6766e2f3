/** Which names a reader takes for somebody else's. */
import { describe, expect, it } from 'vitest';
import { usesReservedName } from '../../src/oauth/clients/client-names.ts';

const isReserved = (name: string, brandName = 'Contoso Ltd'): boolean => usesReservedName(name, brandName);

describe('a name that a reader takes for the organization or a well-known provider', () => {
  it.each([
    'Microsoft',
    'Contoso Ltd sign-in',
    'contosoltd',
    'Sync for GitHub',
    'Apple',
    'MICROSOFT TEAMS',
    'MyMicrosoftHelper',
    'Mic\u200brosoft',
    'Microsoft\u0301',
    'Ｍｉｃｒｏｓｏｆｔ',
    'Місrоsоft',
    'M1cr0s0ft',
    'rnicrosoft',
    'M i c r o s o f t',
    'Micro-soft',
    'A p p l e',
    'App1e',
    'Αpple',
    'G00gle',
    'Office 365 add-in',
    'Entra',
    'AWS',
  ])('is seen: %s', (name) => {
    expect(isReserved(name)).toBe(true);
  });

  it.each([
    'Fabrikam Planner',
    'Pineapple Express',
    'Lazuren',
    'Central Entrance',
    'Rawson',
    'Laws',
    'Northwind',
    'Ürün',
    'نرم‌افزار',
    '株式会社',
    '🚀',
    '…',
  ])('is not seen in %s', (name) => {
    expect(isReserved(name)).toBe(false);
  });

  it('is the one that this deployment has', () => {
    expect(isReserved('Northwind Boards', 'Northwind')).toBe(true);
    expect(isReserved('HP printers', 'HP')).toBe(true);
    expect(isReserved('A better planner', 'A')).toBe(false);
    expect(isReserved('Anything', '🚀')).toBe(false);
  });
});
