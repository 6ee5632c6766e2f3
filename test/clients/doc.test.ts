/** docs/clients.md shows the programs that run, in the versions that run. `UPDATE_DOCS=1` writes them into it. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { examples, examplesFolder } from './examples.ts';

const page = new URL('../../docs/clients.md', import.meta.url);
const read = (path: string): Promise<string> => readFile(`${examplesFolder}${path}`, 'utf8');

/** The page with each program below the comment that names its file. */
const withPrograms = async (text: string): Promise<string> => {
  let written = text;
  for (const { file } of examples) {
    const block = new RegExp(
      `(<!-- examples/clients/${file.replaceAll('.', '\\.')} -->\n\`\`\`\\w+\n).*?(^\`\`\`$)`,
      'ms',
    );
    const program = await read(file);
    written = written.replace(block, (_all, start: string, end: string) => start + program + end);
  }
  return written;
};

describe('docs/clients.md', () => {
  it('shows each program exactly as it runs', async () => {
    const text = await readFile(page, 'utf8');
    const expected = await withPrograms(text);
    if (process.env.UPDATE_DOCS === '1') await writeFile(page, expected);
    else expect(text).toBe(expected);
    for (const { file } of examples) expect(expected).toContain(`<!-- examples/clients/${file} -->`);
  });

  it('says of exactly the libraries that run in CI that they do, with the versions of those from npm', async () => {
    const text = await readFile(page, 'utf8');
    const running = text.split('\n').filter((line) => /\| yes, [^|]+\|$/.test(line));
    expect(running).toHaveLength(examples.length);
    const { dependencies } = JSON.parse(await read('javascript/package.json')) as { dependencies: Versions };
    for (const { name } of examples) {
      const row = running.find((line) => line.replaceAll('`', '').startsWith(`| ${name}`));
      expect(row, name).toContain(`yes, ${dependencies[name.replace('JavaScript: ', '')] ?? ''}`);
    }
  });
});

type Versions = Readonly<Record<string, string>>;
