/** The README's tables say what the code does. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig, settingNames } from '../src/config.ts';
import { endpoints } from '../src/endpoints.ts';

let readme: string;
beforeAll(async () => {
  readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
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
  });

  it('states the defaults that apply', () => {
    const written = rowsBelow('Configuration').filter(([, value]) => value !== '');
    const explicit = readConfig({ ...required, ...Object.fromEntries(written.map(([name, value]) => [name, value])) });
    expect(explicit).toEqual(readConfig(required));
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
