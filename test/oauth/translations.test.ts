/** `client_name#de` and its like (RFC 7591 §2.2). */
import { describe, expect, it } from 'vitest';
import { clientMetadata, parseClientMetadata } from '../../src/oauth/clients/client-metadata.ts';
import { withoutTranslationsOf } from '../../src/oauth/clients/metadata/translations.ts';
import { translationOf } from '../../src/oauth/clients/translated.ts';
import { clientWith } from './samples.ts';

const client = clientWith();
const operator = { by: 'operator-1', at: 100 };
const web = { client_name: 'Web', redirect_uris: ['https://app.example/cb'] };
const parse = (more: object, before?: typeof client) =>
  parseClientMetadata(
    { ...web, ...more },
    { resources: [], brandName: 'Contoso Ltd', signingAlgorithms: [], before, operator },
  );
const german = { 'client_name#de': 'Netz', 'tos_uri#de-CH': 'https://app.example/agb' };

describe('metadata in several languages (RFC 7591 §2.2)', () => {
  it('[RG12] is kept, and given back as it came', () => {
    const registration = parse({ ...german, 'client_name#ja-Jpan-JP': 'クライアント', 'contacts#de': ['x'] });
    const { translations } = registration;
    expect(translations).toEqual({ ...german, 'client_name#ja-Jpan-JP': 'クライアント' });
    expect(clientMetadata({ ...client, ...registration })).toMatchObject({ ...german, client_name: 'Web' });
    expect(parse(web).translations).toBeUndefined();
  });

  it.each([
    ['no language', { 'client_name#': 'Netz' }],
    ['what is no language', { 'client_name#not a tag': 'Netz' }],
    ['a tag without end', { [`client_name#de${'-abcdefgh'.repeat(9)}`]: 'Netz' }],
    ['one language twice', { 'client_name#de': 'Netz', 'client_name#DE': 'Netzwerk' }],
    ['too many languages', Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`client_name#de-x-${at}`, 'N']))],
    [
      'more than can be stored',
      Object.fromEntries(
        Array.from({ length: 40 }, (_, at) => [`tos_uri#de-x-${at}`, `https://app.example/${'a'.repeat(400)}`]),
      ),
    ],
    ['a name that is none', { 'client_name#de': '' }],
    ['a name that is no text', { 'client_name#de': { name: 'Netz' } }],
    ['control characters', { 'client_name#de': 'Ne\u0000tz' }],
    ['an address that is none', { 'tos_uri#de': 'javascript:alert(1)' }],
    ['an address without TLS', { 'policy_uri#de': 'http://app.example/' }],
    ['the name of somebody else', { 'client_name#de': 'Microsoft' }],
    ['the publisher of somebody else', { 'organization_name#de': 'Contoso Ltd' }],
  ])('[RG12] is refused with %s', (_name, more) => {
    expect(() => parse(more)).toThrow('invalid_client_metadata');
  });

  it('is part of what an operator vouched for', () => {
    const before = { ...client, ...parse({ ...german, assent_verified: true }) };
    expect(parse(german, before).verified).toEqual(operator);
    expect(parse({ ...german, 'client_name#fr': 'Toile' }, before).verified).toBeUndefined();
  });

  it('is read in the language of the reader, or in one that is close', () => {
    const translations = { 'client_name#de': 'Netz', 'client_name#pt-BR': 'Rede', 'client_name#fr-CA': 'Toile' };
    const read = (language: string) => translationOf({ translations }, 'client_name', language);
    expect(['de', 'de-CH', 'DE', 'pt', 'pt-BR', 'fr', 'ja', 'p'].map(read)).toEqual([
      'Netz',
      'Netz',
      'Netz',
      'Rede',
      'Rede',
      'Toile',
      undefined,
      undefined,
    ]);
    expect(translationOf({ translations: undefined }, 'client_name', 'de')).toBeUndefined();
  });

  it('is nobody’s beside a word that is final', () => {
    expect(withoutTranslationsOf({ ...web, ...german }, ['client_name'])).toEqual({
      ...web,
      'tos_uri#de-CH': 'https://app.example/agb',
    });
  });
});
