/** Settings that a specification bounds. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const required = {
  ISSUER: 'https://login.contoso.example',
  TABLES_URL: 'https://data.table.core.windows.net',
  SIGNING_KEYS: 'https://vault.vault.azure.net/keys/signing',
  DATA_IDENTITY_CLIENT_ID: 'data',
  SIGN_IN_ISSUER: 'https://login.microsoftonline.com/tenant/v2.0',
  SIGN_IN_CLIENT_ID: 'assent',
  SIGN_IN_IDENTITY_CLIENT_ID: 'sign-in',
};

const codeSeconds = (text: string): number => readConfig({ ...required, CODE_SECONDS: text }).lifetimes.codeSeconds;

describe('the lifetime of codes (OAuth 2.1 §4.1.2)', () => {
  it('is one minute unless told, and ten at most', () => {
    expect(readConfig(required).lifetimes.codeSeconds).toBe(60);
    expect(codeSeconds('')).toBe(60);
    expect(codeSeconds('1')).toBe(1);
    expect(codeSeconds('600')).toBe(600);
  });

  it.each(['601', '86400', '0', '-1', '1.5', 'Infinity', 'ten'])('is not %s', (text) => {
    expect(() => codeSeconds(text)).toThrow(/CODE_SECONDS/);
  });
});

describe('the resources', () => {
  const api = (identifier: string) => ({ identifier, name: 'API' });
  const read = (...identifiers: readonly string[]) =>
    readConfig({ ...required, RESOURCES: JSON.stringify(identifiers.map(api)) }).resources;

  it('are each there once, whether their empty path is written as "/" or not', () => {
    expect(read('https://api.example', 'https://api.example/v2', 'https://api.example/v2/')).toHaveLength(3);
    for (const again of ['https://api.example', 'https://api.example/'])
      expect(() => read('https://api.example', again)).toThrow('RESOURCES: https://api.example: is there twice');
  });
});
