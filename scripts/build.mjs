/**
 * `npm run build`: src/main.ts -> dist/package, the folder that is deployed and that the local host loads.
 * It is CommonJS because the Functions worker requires it, and `.cjs` because a bundle named `.js` would be read as an
 * ES module wherever a parent package.json says `"type": "module"`.
 */
import './node-version.mjs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = join(project, 'dist/package');

const bundled = await bundle(project, 'src/main.ts').catch(() => {
  // esbuild has said what is wrong; the package of the last good build stays.
  process.exit(1);
});
const { name, version } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
const manifest = { name, version, private: true, main: 'main.cjs' };

const files = {
  ...Object.fromEntries(Object.entries(bundled).map(([file, { code }]) => [file, code])),
  'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
  'host.json': await readFile(join(project, 'host.json')),
};

await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) if (!(name in files)) await rm(join(folder, name), { recursive: true });
for (const [name, content] of Object.entries(files)) {
  // Renamed into place: a host that starts meanwhile finds the old file or the new one, whole.
  const draft = join(folder, `../.${name}.${process.pid}`);
  await writeFile(draft, content);
  await rename(draft, join(folder, name));
}
