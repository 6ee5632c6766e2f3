/** Which language somebody reads: what the service asked for (`ui_locales`), else what the browser prefers. */

/** The first is for everybody else. */
export const languages = ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const;

export type Language = (typeof languages)[number];

const defaultLanguage: Language = 'en';

/** No header or parameter of a person names more; the rest is not looked at. */
const tagsRead = 20;

const offered = new Set<string>(languages);

const isOffered = (tag: string): tag is Language => offered.has(tag);

/** Lookup of RFC 4647 §3.4: a tag is shortened from its end until it names a language that there is. */
const lookUp = (tags: readonly string[]): Language | undefined =>
  tags
    .slice(0, tagsRead)
    .map((tag) => tag.toLowerCase().split('-')[0] ?? '')
    .find(isOffered);

/** RFC 9110 §12.5.4: by weight, the first of equals first. `*` and what weighs nothing name no language. */
const preferred = (acceptLanguage: string): readonly string[] =>
  acceptLanguage
    .split(',', tagsRead)
    .map((item) => {
      const [tag = '', ...parameters] = item.split(';').map((part) => part.trim());
      const weight = parameters.find((one) => one.startsWith('q='));
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);

type Wishes = {
  /** Space-separated language tags in order of preference (OpenID Connect Core §3.1.2.1). */
  readonly uiLocales?: string | undefined;
  /** The header of RFC 9110 §12.5.4. */
  readonly acceptLanguage?: string | undefined;
};

/** The language to answer in. Never fails: what cannot be read names no language. */
export const languageFor = ({ uiLocales = '', acceptLanguage = '' }: Wishes): Language =>
  lookUp(uiLocales.split(' ', tagsRead)) ?? lookUp(preferred(acceptLanguage)) ?? defaultLanguage;
