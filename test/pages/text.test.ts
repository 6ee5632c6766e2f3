import { describe, expect, test } from 'vitest';
import { render } from '../../src/pages/html.ts';
import { cleanText, displayText, externalLink, initial, sentenceEnd } from '../../src/pages/text.ts';
import { wordsIn } from '../../src/pages/words/words.ts';

const words = await wordsIn('en');

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

  test.each([
    [' Contoso  Bank, Inc. ', 'Contoso Bank, Inc.'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), `${'x'.repeat(99)}…`],
    [`${'x'.repeat(98)}   y`, `${'x'.repeat(98)} y`],
    [`${'x'.repeat(98)} yz`, `${'x'.repeat(98)}…`],
    ['   ', '(no name)'],
  ])('is the same line whether all of it is ASCII or not: %j', (given, visible) => {
    expect([cleanText(given), cleanText(`\u200b${given}`)]).toEqual([visible, visible]);
  });

  test('keeps the scripts and emoji of the world', () => {
    expect(cleanText('שלום Ünïcode 东京 👍🏽')).toBe('שלום Ünïcode 东京 👍🏽');
  });

  test.each([
    ['Persian', 'می\u200cخواهم خانه\u200cها'],
    ['Hindi', 'क्\u200dष क्\u200cष'],
    ['Bengali, before the virama', 'র\u200d্য'],
    ['Sinhala', 'ශ්\u200dරී'],
    ['Malayalam, at the end of a word', 'അവന്\u200d നാന്\u200d'],
    ['a family of emoji', '👩🏽\u200d👩🏽\u200d👧 ❤\ufe0f\u200d🔥'],
    ['an Arabic year sign', '\u0601١٤٤٨'],
  ])('keeps the joiners and signs of %s', (_what, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test.each([
    ['in Latin', 'Con\u200cto\u200dso', 'Contoso'],
    ['in a row', 'می\u200c\u200cخواهم क्\u200d\u200d\u200dष', 'میخواهم क्\u200dष'],
    ['at the ends', '\u200cمی\u200c', 'می'],
    ['between scripts', 'a\u200cم', 'aم'],
    ['after an emoji', '👩\u200d \u200d', '👩'],
  ])('loses joiners that change nothing %s', (_where, given, visible) => {
    expect(cleanText(given)).toBe(visible);
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
      const link = render(externalLink({ uri, label: 'Privacy' }, words));
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
    const text = render(externalLink({ uri, label: 'Privacy' }, words));
    expect(text).not.toContain('<a');
    expect(text).toContain('Privacy: <bdi>');
  });

  test('shows the real host of a look-alike', () => {
    expect(render(externalLink({ uri: 'https://cоntoso.example/', label: 'Website' }, words))).toContain(
      'xn--cntoso-wqf.example',
    );
  });
});
