import { describe, expect, test } from 'vitest';
import { render } from '../../src/pages/html.ts';
import { cleanText, displayText, externalLink, initial, sentenceEnd } from '../../src/pages/text.ts';

const shown = (text: string, maxLength?: number): string => render(displayText(text, maxLength));

describe('text that others supplied', () => {
  test.each([
    ['bidirectional overrides', 'moc\u202Eevil\u202D.\u2066a\u2069\u200E\u200Fb', 'mocevil.ab'],
    ['zero-width characters', 'Con\u200Bto\u200Cso\u200D \uFEFF\u2060Bank', 'Contoso Bank'],
    ['soft hyphens and tag characters', 'a\u00ADb\u{E0041}c', 'abc'],
    ['control characters', 'a\u0000b\u001B[31mc\u007F\u0085d', 'ab[31mc d'],
    ['line breaks', 'Approved\r\n\u2028by   you', 'Approved by you'],
    ['lone surrogates', 'a\uD800b', 'ab'],
    ['letters without ink', 'a\u3164\u2800b', 'ab'],
    ['towers of marks', `Z${'\u0301'.repeat(40)}a`, `Z${'\u0301'.repeat(3)}a`],
  ])('loses %s', (_what, given, visible) => {
    expect(shown(given)).toBe(`<bdi>${visible}</bdi>`);
  });

  test('keeps the scripts and emoji of the world', () => {
    expect(cleanText('שלום Ünïcode 东京 👍🏽')).toBe('שלום Ünïcode 东京 👍🏽');
  });

  test('is cut at a whole character', () => {
    expect(cleanText('👍🏽'.repeat(5), 5)).toBe('👍🏽'.repeat(5));
    expect(cleanText('👍🏽'.repeat(6), 5)).toBe(`${'👍🏽'.repeat(4)}…`);
    expect(cleanText('x'.repeat(1_000_000), 5)).toBe('xxxx…');
  });

  test('is never empty', () => {
    expect(shown('\u200B \u202E')).toBe('<bdi>(no name)</bdi>');
  });

  test('is escaped', () => {
    expect(shown('"><script>')).toBe('<bdi>&quot;&gt;&lt;script&gt;</bdi>');
  });

  test('ends a sentence with one full stop, also where a name has its own', () => {
    expect(
      ['Fabrikam', 'Everything Inc.', 'Who?', 'Inc.\u200B', 'x'.repeat(9)].map((name) => sentenceEnd(name, 8)),
    ).toEqual(['.', '', '', '', '']);
  });

  test('gives the first letter of a name', () => {
    expect(initial('  "alice"')).toBe('A');
    expect(initial('…')).toBe('?');
  });
});

describe('an address that a service supplied', () => {
  test.each(['https://fabrikam.example/a?b=c', 'http://localhost:7072/', 'http://127.0.0.1/', 'http://[::1]:80/'])(
    '%s becomes a link that tells the other site nothing',
    (uri) => {
      const link = render(externalLink(uri, 'Privacy'));
      expect(link).toContain(`<a href="${new URL(uri).href}" target="_blank" rel="noopener noreferrer">Privacy`);
      expect(link).toContain(new URL(uri).host);
    },
  );

  test.each([
    'http://fabrikam.example/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#x6a;avascript:alert(1)',
    'data:text/html,x',
    'https://contoso.example@evil.example/',
    '//evil.example/',
    'http://localhost.evil.example/',
    'not an address',
  ])('%s becomes text', (uri) => {
    const text = render(externalLink(uri, 'Privacy'));
    expect(text).not.toContain('<a');
    expect(text).toContain('Privacy: <bdi>');
  });

  test('shows the real host of a look-alike', () => {
    expect(render(externalLink('https://cоntoso.example/', 'Publisher'))).toContain('xn--cntoso-wqf.example');
  });
});
