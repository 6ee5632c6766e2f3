/** The pages show the programs that run, in the versions that run. `UPDATE_DOCS=1` writes them there. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tenLinesOf } from './apis.ts';
import { examples } from './examples.ts';

const page = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Page -> the files that it shows, below a comment that names each. */
const shown = {
  'clients.md': [...examples.map(({ file }) => `examples/clients/${file}`), 'examples/clients/apache/openidc.conf'],
  'protect-an-api.md': [
    'examples/apis/javascript/assent.mjs',
    'examples/apis/dotnet/Api.cs: ten lines',
    'examples/apis/python/api.py: ten lines',
    'examples/apis/javascript/api.mjs',
  ],
  'mcp.md': [
    'examples/apis/mcp-functions/assent.mjs: ten lines',
    'examples/apis/mcp-functions/server.mjs',
    'examples/apis/mcp-functions/work-items.mjs',
  ],
} as const;

/** A whole file, or the ten lines in it. */
const programOf = async (shownAs: string): Promise<string> => {
  const [file = '', part] = shownAs.split(': ');
  const text = await read(file);
  return part === undefined ? text : tenLinesOf(text);
};

const withProgram = (text: string, file: string, program: string): string => {
  const block = new RegExp(`(<!-- ${file.replaceAll('.', '\\.')} -->\n\`\`\`\\w+\n).*?(^\`\`\`$)`, 'ms');
  expect(text).toMatch(block);
  return text.replace(block, (_all, start: string, end: string) => start + program + end);
};

describe('the pages of docs/', () => {
  it.each(Object.entries(shown))('show each program exactly as it runs: %s', async (name, files) => {
    const text = await readFile(page(name), 'utf8');
    let expected = text;
    for (const file of files) expected = withProgram(expected, file, await programOf(file));
    if (process.env.UPDATE_DOCS === '1') await writeFile(page(name), expected);
    else expect(text).toBe(expected);
  });

  it('say of exactly the libraries that run in CI that they do, with the versions of those from npm', async () => {
    const text = await readFile(page('clients.md'), 'utf8');
    const running = text.split('\n').filter((line) => /\| yes, [^|]+\|$/.test(line));
    expect(running).toHaveLength(examples.length);
    const { dependencies } = JSON.parse(await read('examples/clients/javascript/package.json')) as {
      dependencies: Versions;
    };
    for (const { name } of examples) {
      const row = running.find((line) => line.replaceAll('`', '').startsWith(`| ${name}`));
      expect(row, name).toContain(`yes, ${dependencies[packageOf(name)] ?? ''}`);
    }
  });
});

const packageOf = (name: string): string =>
  name === 'JavaScript: MCP SDK' ? '@modelcontextprotocol/sdk' : name.replace('JavaScript: ', '');

type Versions = Readonly<Record<string, string>>;
