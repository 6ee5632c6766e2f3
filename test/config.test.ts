/** Settings that a specification bounds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { pngChunk, pngOf } from './support/pictures.ts';

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

describe('every time that can be set', () => {
  const longest = {
    ACCESS_TOKEN_SECONDS: 86_400,
    REFRESH_IDLE_SECONDS: 157_680_000,
    REFRESH_ABSOLUTE_SECONDS: 157_680_000,
    REFRESH_GRACE_SECONDS: 600,
    REFRESH_GRACE_USES: 100,
    SESSION_IDLE_SECONDS: 2_592_000,
    SESSION_ABSOLUTE_SECONDS: 7_776_000,
    APPROVAL_SECONDS: 86_400,
    TRUSTED_PROXIES: 5,
    CLIENT_CACHE_SECONDS: 3_600,
    CACHED_CLIENTS: 1_000_000,
    CACHED_SESSIONS: 100_000,
    REMEMBERED_CALLERS: 1_000_000,
    SWEEP_ROWS: 1_280_000,
    AUDIT_DAYS: 3_650,
  };

  it.each(Object.entries(longest))('%s has an end: %d', (name, most) => {
    expect(() => readConfig({ ...required, [name]: String(most) })).not.toThrow();
    for (const more of [String(most + 1), '1e12', 'Infinity'])
      expect(() => readConfig({ ...required, [name]: more })).toThrow(name);
  });
});

describe('further accounts', () => {
  it('are none by default, and each has one spelling, since rows name them', () => {
    expect(readConfig(required).furtherTablesUrls).toEqual([]);
    const urls = 'https://two.table.core.windows.net/, https://three.table.core.windows.net';
    expect(readConfig({ ...required, FURTHER_TABLES_URLS: urls }).furtherTablesUrls).toEqual([
      'https://two.table.core.windows.net',
      'https://three.table.core.windows.net',
    ]);
  });

  it('are reached over https alone', () => {
    expect(() => readConfig({ ...required, FURTHER_TABLES_URLS: 'http://two.example' })).toThrow(/FURTHER_TABLES_URLS/);
  });
});

describe('the shares of clients', () => {
  it('of all instances together stay below what one vault signs', () => {
    const instances = Number(/param maximumInstances int = (\d+)/.exec(readFileSync('infra/main.bicep', 'utf8'))?.[1]);
    const signaturesPerSecond = 400;
    const { clientSharePerSecond } = readConfig(required).rates;
    expect(clientSharePerSecond * instances).toBeLessThan(signaturesPerSecond);
    expect(clientSharePerSecond * instances).toBeGreaterThan(signaturesPerSecond / 2);
  });
});

describe('the operators', () => {
  it('are found by their object ids in either letter case, and by other claims as they stand', () => {
    const OPERATORS = 'ABCDEF01-2345-4789-8BCD-EF0123456789, Someone';
    const read = (claim: string) =>
      readConfig({ ...required, OPERATORS, SIGN_IN_SUBJECT_CLAIM: claim }).signIn.operators;
    expect(read('oid')).toEqual(['abcdef01-2345-4789-8bcd-ef0123456789', 'Someone']);
    expect(read('sub')).toEqual(OPERATORS.split(', '));
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

describe("the organisation's colour and picture", () => {
  const logo = (bytes: Buffer) => readConfig({ ...required, BRAND_LOGO: bytes.toString('base64') });

  it('are not set by default', () => {
    expect(readConfig(required)).toMatchObject({ brandAccent: undefined, brandLogo: undefined });
  });

  it.each(['#0B5C47', '#0b5c47'])('is a colour: %s', (text) => {
    expect(readConfig({ ...required, BRAND_ACCENT: text }).brandAccent).toBe('#0b5c47');
  });

  it.each(['green', '#fff', '0b5c47', '#0b5c4', '#0b5c47; } body { display: none', '#0b5c4g'])('is not %s', (text) => {
    expect(() => readConfig({ ...required, BRAND_ACCENT: text })).toThrow('BRAND_ACCENT: must be a colour such as');
  });

  it('is a picture without what hides in its file, named by what it shows', () => {
    const remark = pngChunk('tEXt', Buffer.from('Comment\0<script>'));
    const { brandLogo } = logo(pngOf({ more: [remark] }));
    expect(brandLogo).toEqual({
      type: 'image/png',
      bytes: pngOf(),
      id: expect.stringMatching(/^brand-[0-9a-f]{32}$/),
    });
    expect(brandLogo?.id).toBe(logo(pngOf()).brandLogo?.id);
    expect(brandLogo?.id).not.toBe(logo(pngOf({ colour: [1, 2, 3] })).brandLogo?.id);
  });

  it.each([
    [
      'a program',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      /PNG, JPEG or WebP/,
    ],
    ['larger than it is shown', pngOf({ width: 2_000 }), /16 to 1024 pixels/],
    ['too long for a setting', Buffer.alloc(20_000, 1), /at most 24000 characters/],
  ])('is not one that is %s', (_what, bytes, message) => {
    expect(() => logo(bytes)).toThrow(message);
  });

  it('is in base64', () => {
    expect(() => readConfig({ ...required, BRAND_LOGO: 'https://contoso.example/logo.png' })).toThrow(/in base64/);
  });
});

describe('mail', () => {
  const endpoint = { MAIL_ENDPOINT: 'https://contoso.communication.azure.com' };
  const sender = { MAIL_SENDER: 'no-reply@contoso.example' };

  it('is off by default, and on with both of its settings', () => {
    expect(readConfig(required).mail).toBeUndefined();
    expect(readConfig({ ...required, ...endpoint, ...sender }).mail).toEqual({
      endpoint: endpoint.MAIL_ENDPOINT,
      sender: sender.MAIL_SENDER,
    });
  });

  it.each([endpoint, sender])('is not half on: %j', (half) => {
    expect(() => readConfig({ ...required, ...half })).toThrow('MAIL_ENDPOINT, MAIL_SENDER: set both of them');
  });

  it.each([
    { ...sender, MAIL_ENDPOINT: 'http://contoso.example' },
    { ...endpoint, MAIL_SENDER: 'Contoso' },
  ])('is not %j', (settings) => {
    expect(() => readConfig({ ...required, ...settings })).toThrow(/MAIL_/);
  });
});
