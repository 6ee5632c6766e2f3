/** Names that make a service look like somebody it need not be: whoever bears one must have been checked by an operator. */

/** Providers whose name a person believes at a sign-in or an approval. */
const providers = [
  'Microsoft',
  'Azure',
  'Entra',
  'Outlook',
  'Office 365',
  'Google',
  'Gmail',
  'Apple',
  'iCloud',
  'GitHub',
  'GitLab',
  'Amazon',
  'AWS',
  'Facebook',
  'LinkedIn',
  'PayPal',
  'Okta',
];

/** Characters, and pairs of them, that a reader takes for another: Cyrillic, Greek, digits and signs (UTS #39 has them all). */
const lookalikes: readonly (readonly [string, string])[] = [
  ['а', 'a'],
  ['α', 'a'],
  ['@', 'a'],
  ['4', 'a'],
  ['ь', 'b'],
  ['с', 'c'],
  ['ԁ', 'd'],
  ['е', 'e'],
  ['ε', 'e'],
  ['3', 'e'],
  ['ɡ', 'g'],
  ['һ', 'h'],
  ['і', 'l'],
  ['ι', 'l'],
  ['ı', 'l'],
  ['ӏ', 'l'],
  ['i', 'l'],
  ['1', 'l'],
  ['!', 'l'],
  ['|', 'l'],
  ['ј', 'j'],
  ['к', 'k'],
  ['κ', 'k'],
  ['м', 'm'],
  ['rn', 'm'],
  ['п', 'n'],
  ['о', 'o'],
  ['ο', 'o'],
  ['0', 'o'],
  ['р', 'p'],
  ['ρ', 'p'],
  ['ѕ', 's'],
  ['5', 's'],
  ['$', 's'],
  ['т', 't'],
  ['τ', 't'],
  ['υ', 'u'],
  ['ѵ', 'v'],
  ['ν', 'v'],
  ['vv', 'w'],
  ['х', 'x'],
  ['у', 'y'],
];

/** From this length on a name is recognized inside of another word, too: short ones are part of honest words. */
const distinctiveLength = 6;

/** The words of a name as a reader sees them, each spelled the one way that all its lookalikes share. */
const wordsOf = (name: string): readonly string[] => {
  const seen = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  const folded = lookalikes.reduce((text, [look, alike]) => text.replaceAll(look, alike), seen);
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
};

/** True for a name in which a reader finds the organization's own or that of a well-known provider. */
export const usesReservedName = (name: string, brandName: string): boolean => {
  const words = wordsOf(name);
  return [brandName, ...providers].some((reserved) => holds(words, wordsOf(reserved).join('')));
};

/** Written as one word, several, or letter by letter. */
const holds = (words: readonly string[], reserved: string): boolean =>
  reserved.length >= distinctiveLength
    ? words.join('').includes(reserved)
    : reserved.length > 1 && words.some((_, from) => startsAsOne(words.slice(from), reserved));

const startsAsOne = ([first = '', ...rest]: readonly string[], reserved: string): boolean =>
  first === reserved || (first !== '' && reserved.startsWith(first) && startsAsOne(rest, reserved.slice(first.length)));
