/** What is in the package and what is left out of it. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { slim, substituted } from '../../scripts/slim.mjs';

const project = join(import.meta.dirname, '../..');

let inputs: readonly string[];

beforeAll(async () => {
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: ['src/main.ts'],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'error',
    metafile: true,
    plugins: [slim],
  });
  const [output] = Object.values(metafile.outputs);
  inputs = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );
});

describe('the package', () => {
  it('leaves out only what something would bring along', () => {
    const found = inputs
      .filter((path) => path.startsWith('substitute:'))
      .map((path) => path.slice('substitute:'.length));
    expect(found.toSorted()).toEqual([...substituted].toSorted());
  });

  it.each(['jsonwebtoken', 'semver', 'fast-xml-parser'])('has nothing of %s', (name) => {
    expect(inputs.filter((path) => path.includes(`node_modules/${name}/`))).toEqual([]);
  });

  it('has nothing of other ways to be an application of Entra ID than a managed identity', () => {
    const others = /(?:Confidential|Public)ClientApplication|workloadIdentityCredential\.js$/;
    expect(inputs.filter((path) => !path.startsWith('substitute:') && others.test(path))).toEqual([]);
    expect(inputs.filter((path) => /ManagedIdentityApplication/.test(path))).toHaveLength(1);
  });
});
