/** The README's tables say what the code does. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig, settingNames } from '../src/config.ts';
import { endpoints } from '../src/functions/table.ts';

const at = (path: string): URL => new URL(`../${path}`, import.meta.url);

let readme: string;
beforeAll(async () => {
  readme = await readFile(at('README.md'), 'utf8');
});

/** Cells of the table below a heading. */
const rowsBelow = (heading: string): readonly (readonly string[])[] => {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split(/\n##/)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
};

const required = {
  ISSUER: 'https://assent.example',
  TABLES_URL: 'https://account.table.core.windows.net',
  SIGNING_KEYS: 'https://vault.vault.azure.net/keys/assent-signing',
  DATA_IDENTITY_CLIENT_ID: 'data',
  SIGN_IN_ISSUER: 'https://login.microsoftonline.com/tenant/v2.0',
  SIGN_IN_CLIENT_ID: 'client',
  SIGN_IN_IDENTITY_CLIENT_ID: 'sign-in',
};

describe('the README', () => {
  it('lists exactly the settings that config.ts reads, in its order', () => {
    expect(rowsBelow('Configuration').map(([name]) => name)).toEqual(settingNames);
  });

  it('names the Node that npm may run on, and the one that it brings', async () => {
    const { engines, devDependencies } = JSON.parse(
      await readFile(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { readonly engines: { readonly node: string }; readonly devDependencies: Readonly<Record<string, string>> };
    const [, lowest, brought] = /With Node \((\d+) or newer: npm brings Node (\d+) along/.exec(readme) ?? [];
    expect(engines.node).toBe(`>=${lowest}`);
    expect(devDependencies.node?.split('.')[0]).toBe(brought);
    expect(await readFile(at('infra/README.md'), 'utf8')).toMatch(new RegExp(`\\bNode\\s${lowest} or newer`));
  });

  it('states the defaults that apply', () => {
    const written = rowsBelow('Configuration').filter(([, value]) => value !== '');
    const explicit = readConfig({ ...required, ...Object.fromEntries(written.map(([name, value]) => [name, value])) });
    expect(explicit).toEqual(readConfig(required));
  });

  it('agrees with the operators’ manual on defaults', async () => {
    const manual = await readFile(at('infra/README.md'), 'utf8');
    const [, table = ''] = manual.split('\n| Name | Default | Meaning |\n');
    const written = [
      ...table
        .split('\n\n', 1)
        .join('')
        .matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm),
    ];
    const given = Object.fromEntries(written.map(([, name = '', value = '']) => [name, inSeconds(value)]));
    expect(written.length).toBeGreaterThan(10);
    expect(readConfig({ ...required, ...given })).toEqual(readConfig(required));
  });

  it('states how large a body the deployed host takes', async () => {
    const [, bytes] =
      /REQUEST_BODY_SIZE_LIMIT: '(\d+)'/.exec(await readFile(at('infra/modules/app.bicep'), 'utf8')) ?? [];
    expect(readme).toContain(`(${Number(bytes) / 2 ** 20} MB as deployed)`);
  });

  it('lists exactly the endpoints that are registered, with their methods', () => {
    const served = endpoints
      .filter(({ name }) => name !== 'zz-not-found')
      .map(({ route, methods }) => `${methods.join(', ')} /${route.replace('{ignored:maxlength(0)?}', '')}`);
    expect(
      rowsBelow('Endpoints')
        .map(([endpoint]) => endpoint)
        .toSorted(),
    ).toEqual(served.toSorted());
  });
});

describe('the pages that people read', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'infra/README.md',
    ...readdirSync(at('docs')).map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith('.md'));

  it.each(pages)('lead nowhere that is not there: %s', async (name) => {
    const text = await readFile(at(name), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? at(name) : new URL(path, at(name));
      expect(existsSync(target), `${name}: ${link}`).toBe(true);
      if (anchor !== undefined) expect(anchorsIn(await readFile(target, 'utf8')), `${name}: ${link}`).toContain(anchor);
    }
  });
});

const units: Readonly<Record<string, number>> = { days: 86_400, hours: 3600 };

/** "8 hours" as config.ts reads it; other words stay as they are. */
const inSeconds = (text: string): string => {
  const [, amount, unit = ''] = /^([\d,]+)(?: (days|hours))?$/.exec(text) ?? [];
  return amount === undefined ? text : String(Number(amount.replaceAll(',', '')) * (units[unit] ?? 1));
};

/** As GitHub makes them of headings. */
const anchorsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
