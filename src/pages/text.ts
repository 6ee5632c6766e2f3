/** Text that others supplied, made safe for the eye: what is shown cannot pretend to be something else. */
import { isTrustworthy } from '../oauth/addresses.ts';
import { listedParts } from './dates.ts';
import { type Html, html } from './html.ts';
import type { Language } from './words/languages.ts';
import type { Words } from './words/words.ts';

/**
 * What a reader cannot see but what changes what they read: control characters, format characters (\p{Cf}: the
 * bidirectional controls U+200E/F, U+202A-202E and U+2066-2069, zero-width characters, soft hyphens, tags; but not the signs
 * around Arabic and Syriac numbers, which have ink, nor joiners), lone surrogates, unassigned and private code points, and
 * letters that have no ink.
 */
const invisible =
  /(?![\p{Join_Control}\u0600-\u0605\u06dd\u070f\u08e2])\p{C}|\u034f|\u17b4|\u17b5|[\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Scripts whose letters take another shape beside a joiner; with their marks, hence the extensions. */
const joining = `[${[
  ...[
    'Arabic',
    'Syriac',
    'Mongolian',
    'Nko',
    'Adlam',
    'Khmer',
    'Myanmar',
    'Tibetan',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
  ],
  ...['Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala'],
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('')}]`;

/** Signs that take a letter's vowel away. */
const virama = '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca]';

const emoji = '\\p{Extended_Pictographic}\\ufe0f?\\p{Emoji_Modifier}?';

/**
 * Joiners (U+200C, U+200D) that change nothing that a reader sees. Persian and the Indic scripts spell with them between
 * letters, and after a virama at the end of a word too (compare RFC 5892 appendix A.1 and A.2); emoji become families by
 * them. Anywhere else they only make two names that look the same.
 */
const idleJoiner = new RegExp(
  `(?!(?<=${joining})\\p{Join_Control}(?=${joining})|(?<=${virama})\\p{Join_Control}|(?<=${emoji})\\u200d(?=\\p{Extended_Pictographic}))\\p{Join_Control}`,
  'gu',
);

/** A tower of combining marks paints over the lines above and below it. */
const markTower = /(\p{M}{3})\p{M}+/gu;

/** What most names are made of: every code unit is a character with ink, or a space. */
const plain = /^[ -~]*$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const withoutTricks = (text: string): string =>
  text
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(invisible, '')
    .replace(idleJoiner, '')
    .replace(markTower, '$1');

/** One line of visible text, at most `maxLength` user-perceived characters; "(no name)" when nothing is left. */
export const cleanText = (text: string, maxLength = 100): string => {
  const visible = (plain.test(text) ? text : withoutTricks(text)).replace(/ +/g, ' ').trim();
  if (visible === '') return '(no name)';
  if (visible.length <= maxLength && plain.test(visible)) return visible;
  // A grapheme can be arbitrarily long, so the code units are bounded first.
  const bounded = visible.slice(0, maxLength * 8);
  const pieces = Array.from(graphemes.segment(bounded), (piece) => piece.segment);
  if (pieces.length <= maxLength && bounded === visible) return visible;
  return `${pieces
    .slice(0, maxLength - 1)
    .join('')
    .trimEnd()}…`;
};

/** `cleanText` isolated in <bdi>, so that a right-to-left name cannot reorder the sentence around it. */
export const displayText = (text: string, maxLength?: number): Html => html`<bdi>${cleanText(text, maxLength)}</bdi>`;

/** Names in a sentence, as a language lists them. */
export const named = (names: readonly string[], language: Language): Html =>
  html`${listedParts(
    names.map((name) => html`<b>${displayText(name)}</b>`),
    language,
  )}`;

/** What ends a sentence whose last word is `text`: nothing more, where that ends with a full stop of its own ("Inc."). */
export const sentenceEnd = (text: string, maxLength?: number): string =>
  /[.!?…。]$/u.test(cleanText(text, maxLength)) ? '' : '.';

/** First visible character of a name, for the round picture beside it. */
export const initial = (name: string): string => {
  const [first] = graphemes.segment(cleanText(name).replace(/^[^\p{L}\p{N}]+/u, ''));
  return (first?.segment ?? '?').toUpperCase();
};

/** The URL if a link may lead there: without a user name that could pose as a host. */
const linkTarget = (uri: string): URL | undefined => {
  if (!isTrustworthy(uri)) return undefined;
  const url = new URL(uri);
  return url.username === '' && url.password === '' ? url : undefined;
};

type Link = { readonly uri: string; readonly label: string; readonly knownHost?: string | undefined };

/**
 * A link to an address that a service supplied, with the host it leads to unless that is `knownHost`, which the page shows
 * already. It opens beside this page, because leaving an approval half-way loses it. An address that nobody should follow
 * becomes text.
 */
export const externalLink = ({ uri, label, knownHost }: Link, { common }: Words): Html => {
  const url = linkTarget(uri);
  if (url === undefined) return html`<span>${label}: ${displayText(uri)}</span>`;
  return html`<a href="${url.href}" target="_blank" rel="noopener noreferrer">${label}<span class="unseen">${common.newTab}</span></a>${
    url.host !== knownHost && html` <span class="host">${displayText(url.host)}</span>`
  }`;
};
