/** Instants and spans as a language writes them. Instants are epoch seconds. */
import { type Html, html } from './html.ts';
import type { Language } from './words/languages.ts';

/** Locales by which dates and numbers are written: days before months, and the digits that codes and addresses have. */
const locales: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  de: 'de',
  fr: 'fr',
  es: 'es',
  ja: 'ja',
  ar: 'ar-u-nu-latn',
};

/** Making a format takes longer than a page: each is made once. */
const kept = <T>(make: (locale: string) => T): ((language: Language) => T) => {
  const made = new Map<Language, T>();
  return (language) => {
    const format = made.get(language) ?? make(locales[language]);
    made.set(language, format);
    return format;
  };
};

const instants = kept(
  (locale) =>
    new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'UTC',
      timeZoneName: 'short',
    }),
);
const days = kept(
  (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
);
const relative = kept((locale) => new Intl.RelativeTimeFormat(locale));
const relativeWords = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const lists = kept((locale) => new Intl.ListFormat(locale));
const numbers = kept((locale) => new Intl.NumberFormat(locale));
const plurals = kept((locale) => new Intl.PluralRules(locale));

const machineTime = (at: number): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

/** "21 November 2026 at 18:30 UTC" */
export const instantText = (at: number, language: Language): string => instants(language).format(at * 1000);

/** The same, for machines as well. */
export const instant = (at: number, language: Language): Html =>
  html`<time datetime="${machineTime(at)}">${instantText(at, language)}</time>`;

/** "21 November 2026"; the instant itself when it is pointed at, and for machines. */
export const day = (at: number, language: Language): Html =>
  html`<time datetime="${machineTime(at)}" title="${instantText(at, language)}">${days(language).format(at * 1000)}</time>`;

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "2 hours ago"; clocks of two machines differ, so an instant slightly ahead is "now" too. */
export const timeAgo = (at: number, now: number, language: Language): string => {
  const passedSeconds = now - at;
  for (const [unit, unitSeconds] of units)
    if (passedSeconds >= unitSeconds) return relative(language).format(-Math.floor(passedSeconds / unitSeconds), unit);
  return relativeWords(language).format(0, 'second');
};

/** "2 hours ago", which is the same everywhere; the instant itself when it is pointed at, and for machines. */
export const coarsely = (at: number, now: number, language: Language): Html =>
  html`<time datetime="${machineTime(at)}" title="${instantText(at, language)}">${timeAgo(at, now, language)}</time>`;

const regions = kept((locale) => new Intl.DisplayNames(locale, { type: 'region' }));

/** A country by its name, if it is a code of one (ISO 3166-1 alpha-2); a network as it is. */
export const placeText = (place: string, language: Language): string =>
  /^[A-Z]{2}$/.test(place) ? (regions(language).of(place) ?? place) : place;

/** Units that every span has a whole number of: "a month" is not always as long. */
const exactUnits = [...units.filter(([unit]) => unit !== 'year' && unit !== 'month'), ['second', 1]] as const;

const inUnits = Object.fromEntries(
  exactUnits.map(([unit]) => [
    unit,
    kept((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })),
  ]),
) as Readonly<Record<ExactUnit, (language: Language) => Intl.NumberFormat>>;

type ExactUnit = (typeof exactUnits)[number][0];

const inUnit = (count: number, unit: ExactUnit, language: Language): string => inUnits[unit](language).format(count);

/** "90 days", "1 day and 12 hours": all of it, since a promise that is rounded up is broken. Under a second is "0 seconds". */
export const span = (seconds: number, language: Language): string => {
  let left = Math.floor(seconds);
  const parts = exactUnits.flatMap(([unit, unitSeconds]) => {
    const count = Math.floor(left / unitSeconds);
    left -= count * unitSeconds;
    return count === 0 ? [] : [inUnit(count, unit, language)];
  });
  return listed(parts.length === 0 ? [inUnit(0, 'second', language)] : parts, language);
};

/** "a, b and c" */
export const listed = (items: readonly string[], language: Language): string => lists(language).format(items);

/** The same of names with markup. */
export const listedParts = (items: readonly Html[], language: Language): readonly Html[] =>
  lists(language)
    .formatToParts(items.map((_, index) => String(index)))
    .map(({ type, value }) => (type === 'element' ? (items[Number(value)] ?? html``) : html`${value}`));

export const numberText = (value: number, language: Language): string => numbers(language).format(value);

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** A text for a number of things: `#` becomes the number, in the form that the language has for it (Unicode CLDR). */
export const counted =
  (language: Language, forms: Forms): ((count: number) => string) =>
  (count) =>
    (forms[plurals(language).select(count)] ?? forms.other).replace('#', numberText(count, language));
