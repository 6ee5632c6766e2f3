/** The table requirement -> test is complete both ways, and the document made from it is up to date. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { notOffered, notOfferedSection } from './not-offered.ts';
import { claimedIn, requirements, requirementsDocument } from './requirements.ts';

const folder = import.meta.dirname;
const documentFile = join(folder, '../docs/requirements.md');

/** Id -> files whose tests carry it. */
const files = new Map<string, string[]>();

beforeAll(async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) {
    const name = relative(folder, path).split(sep).join('/');
    for (const id of new Set(claimedIn(await readFile(path, 'utf8')))) files.set(id, [...(files.get(id) ?? []), name]);
  }
});

describe('the table of requirements', () => {
  it('has each id once, with a source and a sentence', () => {
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
    for (const { id, source, text } of requirements) {
      expect(id).toMatch(/^[A-Z]{1,2}\d{2}$/);
      expect(source).not.toBe('');
      expect(text).toMatch(/^[A-Za-z0-9].*[.}]$/);
    }
  });

  it('has a test for every requirement', () => {
    expect(requirements.map(({ id }) => id).filter((id) => !files.has(id))).toEqual([]);
  });

  it('knows every requirement that a test claims to prove', () => {
    const known = new Set(requirements.map(({ id }) => id));
    expect([...files.keys()].filter((id) => !known.has(id))).toEqual([]);
  });

  it('finds claims at the front of titles and table rows only', () => {
    const tag = (number: number) => `[ZZ0${number}]`;
    const source = `it('${tag(1)}${tag(2)} refuses', f); rows = [["${tag(3)} a"]]; it('not ${tag(4)}', f); // ${tag(5)}`;
    expect(claimedIn(source)).toEqual(['ZZ01', 'ZZ02', 'ZZ03']);
  });

  it.each(notOffered)('knows the test that says that there is no $what', async ({ file, words }) => {
    expect(await readFile(join(folder, file), 'utf8')).toContain(words);
  });

  it('is docs/requirements.md, to the letter (UPDATE_DOCS=1 writes it)', async () => {
    const expected = `${requirementsDocument(files)}\n${notOfferedSection()}\n`;
    if (process.env.UPDATE_DOCS === '1') await writeFile(documentFile, expected);
    const actual = existsSync(documentFile) ? await readFile(documentFile, 'utf8') : '';
    expect(actual === expected, 'docs/requirements.md is out of date: run with UPDATE_DOCS=1').toBe(true);
    for (const { id } of requirements) expect(expected).toContain(`| ${id} |`);
  });
});
