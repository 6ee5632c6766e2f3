/** Builds what is measured besides Assent's own package: the same bundler, with the same options. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));

const entries = {
  peer: 'bench/peer/function.ts',
  plain: 'bench/peer/plain.ts',
  empty: 'bench/empty-app.ts',
} as const;

/** What can be built besides Assent. */
export type PackageName = keyof typeof entries;

/** Where the package of that name is. */
export const packageFolder = (name: PackageName): string => join(project, 'dist/bench', name);

/** Rejects when the bundler does; it has said why. */
export const buildPackages = async (): Promise<void> => {
  for (const name of Object.keys(entries) as PackageName[]) await buildOne(name);
};

const buildOne = async (name: PackageName): Promise<void> => {
  const folder = packageFolder(name);
  await mkdir(folder, { recursive: true });
  for (const [file, { code }] of Object.entries(await bundle(project, entries[name])))
    await writeFile(join(folder, file), code);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, main: 'main.cjs' }));
  await writeFile(join(folder, 'host.json'), '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}');
};
