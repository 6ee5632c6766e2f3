/** What people read of a service in other languages: `client_name#de` and its like (RFC 7591 §2.2). */
import * as z from 'zod';
import { invalid } from './theme.ts';
import { isPlainText, text, webAddress } from './values.ts';

/** Member with its language tag, as it was registered -> value; sorted. */
export type Translations = Readonly<Record<string, string>>;

/** A name as people read it. */
export const nameText = z.string().trim().min(1).max(100).refine(isPlainText, 'must not hold control characters');

/** The members that have translations -> what each of these must be. */
const members: ReadonlyMap<string, z.ZodType<string>> = new Map([
  ['client_name', nameText],
  ['description', text.trim().min(1)],
  ['organization_name', text.trim().min(1).max(100)],
  ['client_uri', webAddress],
  ['policy_uri', webAddress],
  ['tos_uri', webAddress],
]);

/** Of the names of translations, for JSON Schema. */
export const translationNames = `^(${[...members.keys()].join('|')})#`;

/** What is stored of them together has room in one property of a row. */
const limits = { entries: 60, characters: 12_000 } as const;

type Tagged = { readonly member: string; readonly tag: string };

const taggedIn = (name: string): Tagged | undefined => {
  const at = name.indexOf('#');
  const member = name.slice(0, Math.max(at, 0));
  return members.has(member) ? { member, tag: name.slice(at + 1) } : undefined;
};

/** The translations in a client's metadata; undefined where there are none. Throws `invalid_client_metadata`. */
export const translationsIn = (body: unknown): Translations | undefined => {
  const named = Object.entries(body ?? {}).flatMap(([name, value]) => {
    const tagged = taggedIn(name);
    return tagged === undefined ? [] : [{ name, value, tagged }];
  });
  if (named.length === 0) return undefined;
  if (named.length > limits.entries) throw tooMany();
  // Tags are the same in upper and lower case, and nobody could say which of two is meant.
  if (new Set(named.map(({ name }) => name.toLowerCase())).size < named.length)
    throw invalid('metadata_language', 'there must be one value for each language');
  const read = named.map(({ name, value, tagged }) => [name, translated(value, { name, ...tagged })] as const);
  if (read.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > limits.characters) throw tooMany();
  return Object.fromEntries(read.toSorted());
};

const tooMany = () => invalid('metadata_language', 'there are too many translations, or they are too long');

const translated = (value: unknown, { name, member, tag }: Tagged & { readonly name: string }): string => {
  if (!isLanguageTag(tag)) throw invalid('metadata_language', `${member}#…: what follows is no language tag (BCP 47)`);
  const parsed = members.get(member)?.safeParse(value);
  if (parsed?.success) return parsed.data;
  throw invalid('metadata_malformed', `${name}: ${parsed?.error.issues[0]?.message ?? 'is not valid'}`);
};

const tagLimit = 35;

const isLanguageTag = (tag: string): boolean => {
  try {
    return tag.length <= tagLimit && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

/** `body` less its translations of these members: whoever has the last word on one has it in every language. */
export const withoutTranslationsOf = (
  body: Readonly<Record<string, unknown>>,
  said: readonly string[],
): Readonly<Record<string, unknown>> => {
  const isSaid = (name: string): boolean => said.includes(taggedIn(name)?.member ?? '');
  return Object.fromEntries(Object.entries(body).filter(([name]) => !isSaid(name)));
};
