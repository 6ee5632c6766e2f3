/** Where the templates are. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const infra = `${root}infra/`;
export const mainFile = `${infra}main.bicep`;

export const bicepFiles: readonly string[] = [
  mainFile,
  ...readdirSync(`${infra}modules`)
    .filter((name) => name.endsWith('.bicep'))
    .map((name) => `${infra}modules/${name}`),
];
