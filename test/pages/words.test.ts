/** Six languages: each says everything, in its own words, and nobody gets one that they cannot read. */
import { describe, expect, it, test } from 'vitest';
import catalogue from '../../src/oauth/access/catalogue.json' with { type: 'json' };
import { instantText, span, timeAgo } from '../../src/pages/dates.ts';
import { type Html, html, render } from '../../src/pages/html.ts';
import { type Language, languageFor, languages } from '../../src/pages/words/languages.ts';
import { wordsIn } from '../../src/pages/words/words.ts';

/** The words of the catalogue have a shape of their own (see below). */
const textsOf = async (language: Language): Promise<readonly (readonly [string, string])[]> => {
  const { catalogue: _, ...words } = await wordsIn(language);
  return textsIn(words);
};

const identityScopes = ['openid', 'profile', 'email'];
const permissions = catalogue.scopes;

/** Texts that are the same in some languages. */
const international = new Set(['Website', '# minutes', 'minutes']);

const argument = html`<b>Name</b>`;

/** Every text with its path; a function is called with names, numbers being names here. */
const textsIn = (value: unknown, path = ''): readonly (readonly [string, string])[] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return textsIn(called(value as (...names: readonly unknown[]) => unknown), path);
  if (Object.getOwnPropertySymbols(value as object).length > 0) return [[path, render(value as Html)]];
  return Object.entries(value as object).flatMap(([name, one]) => textsIn(one, `${path}/${name}`));
};

const called = (make: (...names: readonly unknown[]) => unknown): unknown =>
  make(...Array.from({ length: make.length }, () => argument));

describe.each(languages.filter((one) => one !== 'en'))('%s', (language) => {
  it('says everything that English says, and leaves nothing in English', async () => {
    const [theirs, ours] = [await textsOf(language), new Map(await textsOf('en'))];
    expect(theirs.map(([path]) => path)).toEqual([...ours.keys()]);
    const left = theirs.filter(
      ([path, text]) => path !== '/direction' && text === ours.get(path) && !international.has(text),
    );
    expect(left).toEqual([]);
    expect(theirs.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('names whom English names', async () => {
    const names = (text: string) => text.split('<b>Name</b>').length - 1;
    const ours = new Map(await textsOf('en'));
    for (const [path, text] of await textsOf(language)) expect(names(text), path).toBe(names(ours.get(path) ?? ''));
  });

  it('has words of its own for each permission that comes with Assent, and for each area', async () => {
    const { areas, permissions: theirs } = (await wordsIn(language)).catalogue;
    expect(Object.keys(theirs).toSorted()).toEqual([...permissions.map(({ id }) => id), ...identityScopes].toSorted());
    expect(Object.keys(areas).toSorted()).toEqual([...Object.keys(catalogue.icons), 'Who you are'].toSorted());
    const english = permissions.flatMap(({ name, description }) => [name, description]);
    const said = Object.values(theirs).flatMap(({ name, description }) => [name, description]);
    expect(said.filter((text) => text.trim() === '' || english.includes(text))).toEqual([]);
    const names = Object.values(theirs).map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

test.each([
  [{}, 'en'],
  [{ acceptLanguage: 'de-CH,de;q=0.9,en;q=0.8' }, 'de'],
  [{ acceptLanguage: 'nl, fr;q=0.5, es;q=0.7' }, 'es'],
  [{ acceptLanguage: 'de;q=0, ja;q=0.1' }, 'ja'],
  [{ acceptLanguage: '*' }, 'en'],
  [{ acceptLanguage: 'nl' }, 'en'],
  [{ acceptLanguage: 'de;q=wide, fr;q=0.2' }, 'fr'],
  [{ acceptLanguage: `${'nl,'.repeat(10_000)}de` }, 'en'],
  [{ acceptLanguage: 'de', uiLocales: 'ar' }, 'ar'],
  [{ acceptLanguage: 'de', uiLocales: 'nl FR-CA ja' }, 'fr'],
  [{ acceptLanguage: 'de', uiLocales: 'nl' }, 'de'],
  [{ uiLocales: '__proto__ constructor de' }, 'de'],
])('%j is answered in %s', (wishes, language) => {
  expect(languageFor(wishes)).toBe(language);
});

/** Without the spaces at which no line may break. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

test.each([
  ['de', '21. November 2026 um 18:30 UTC', 'vor 2 Stunden', '1 Tag und 12 Stunden'],
  ['fr', '21 novembre 2026 à 18:30 UTC', 'il y a 2 heures', '1 jour et 12 heures'],
  ['es', '21 de noviembre de 2026 a las 18:30 UTC', 'hace 2 horas', '1 día y 12 horas'],
  ['ja', '2026年11月21日 18:30 UTC', '2 時間前', '1 日、12 時間'],
] as const)('dates and spans in %s', (language, instant, ago, time) => {
  const at = 1_795_285_800;
  expect(plain(instantText(at, language))).toBe(instant);
  expect(plain(timeAgo(at - 7_200, at, language))).toBe(ago);
  expect(plain(span(36 * 3_600, language))).toBe(time);
});

test('Arabic has the digits that its codes and addresses have', () => {
  expect(instantText(1_795_285_800, 'ar')).toContain('2026');
});
