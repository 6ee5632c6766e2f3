/** Everything that people read, by language. English is written first; the others have its shape. */
import type { words as en } from './en.ts';
import type { Language } from './languages.ts';

/** The built-in catalogue of permissions in another language than its own. */
export type Catalogue = {
  /** By the area's English name. */
  readonly areas: Readonly<Record<string, string>>;
  /** By scope: a title, which is what a service may do, and a description. */
  readonly permissions: Readonly<Record<string, { readonly name: string; readonly description: string }>>;
};

/** The same texts and functions, whatever they say. */
type Widened<T> = T extends string
  ? string
  : T extends (...args: never) => unknown
    ? T
    : { readonly [Name in keyof T]: Widened<T[Name]> };

export type Words = Widened<Omit<typeof en, 'language' | 'direction'>> & {
  readonly language: Language;
  /** Which way its lines run. */
  readonly direction: 'ltr' | 'rtl';
};

/** A language is loaded when somebody first reads it. */
const loaders: Readonly<Record<Language, () => Promise<{ readonly words: Words }>>> = {
  en: () => import('./en.ts'),
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  ja: () => import('./ja.ts'),
  ar: () => import('./ar.ts'),
};

/** Never fails: all languages are part of the package. */
export const wordsIn = async (language: Language): Promise<Words> => (await loaders[language]()).words;
