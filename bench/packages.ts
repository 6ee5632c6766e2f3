/**
 * Builds what is measured besides Assent's own package, with the same bundler: each in one file, nothing of it is loaded later, and
 * with the SDKs' clients whole, because the peer calls them as they are. Names are kept, because oidc-provider stores by the names of its classes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { clientsOfSdks, slim } from '../scripts/slim.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));

const entries = {
  peer: 'bench/peer/function.ts',
  plain: 'bench/peer/plain.ts',
  empty: 'bench/empty-app.ts',
  floor: 'bench/floor-app.ts',
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
  await build({
    absWorkingDir: project,
    entryPoints: [entries[name]],
    outfile: join(folder, 'main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    keepNames: true,
    external: ['@azure/functions-core'],
    plugins: [slim({ kept: clientsOfSdks })],
    logLevel: 'warning',
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, main: 'main.cjs' }));
  await writeFile(join(folder, 'host.json'), '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}');
};
