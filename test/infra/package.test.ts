/** What is in the package and what is left out of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, type PackageFile } from '../../scripts/bundle.mjs';
import { substituted } from '../../scripts/slim.mjs';
import { languages } from '../../src/pages/words/languages.ts';

const project = join(import.meta.dirname, '../..');

let files: Readonly<Record<string, PackageFile>>;
let inputs: readonly string[];

beforeAll(async () => {
  files = await bundle(project, 'src/main.ts');
  inputs = Object.values(files).flatMap(({ modules }) => modules);
});

describe('the package', () => {
  it('leaves out only what something would bring along', () => {
    const found = inputs
      .filter((path) => path.startsWith('substitute:'))
      .map((path) => path.slice('substitute:'.length));
    expect(found.toSorted()).toEqual([...substituted].toSorted());
  });

  it('gives every buffer memory of its own', () => {
    expect(files['main.cjs']?.modules).toContain('src/buffers.ts');
  });

  it.each(['jsonwebtoken', 'semver', 'fast-xml-parser'])('has nothing of %s', (name) => {
    expect(inputs.filter((path) => path.includes(`node_modules/${name}/`))).toEqual([]);
  });

  it('has nothing of other ways to be an application of Entra ID than a managed identity', () => {
    const others = /(?:Confidential|Public)ClientApplication|workloadIdentityCredential\.js$/;
    expect(inputs.filter((path) => !path.startsWith('substitute:') && others.test(path))).toEqual([]);
    expect(inputs.filter((path) => /ManagedIdentityApplication/.test(path))).toHaveLength(1);
  });

  it.each([
    ['pages', /^src\/(?:pages\/(?!html|form-post-script)|functions\/(?:account|sign-in)\/)/],
    ['operations', /^src\/(?:functions\/(?:admin|console)|flows\/operators)\//],
    ['the library of Entra ID', /\/@azure\/(?:identity|msal-\w+)\//],
    ['the sign-in provider', /^src\/identity\/provider|\/openid-client\/|\/oauth4webapi\//],
    ['registrations', /^src\/oauth\/clients\/metadata\/|\/zod\/v4\/classic\//],
  ])('has %s in what is loaded later, and not with the module', (_, later) => {
    expect(files['main.cjs']?.modules.filter((path) => later.test(path))).toEqual([]);
    expect(inputs.some((path) => later.test(path))).toBe(true);
  });

  it.each([
    ['a request or an answer to the approval page', /^src\/functions\/oauth\/(?:authorize|consent)\.ts$/, 'visits.cjs'],
    ['the way back from the sign-in provider', /^src\/functions\/sign-in\/callback\.ts$/, 'visits.cjs'],
    ['the metadata document', /^src\/functions\/oauth\/metadata\.ts$/, 'calls.cjs'],
    ['a revocation or an introspection', /^src\/functions\/oauth\/(?:revoke|introspect)\.ts$/, 'calls.cjs'],
  ])('needs nothing of registrations, of the provider or of other languages for %s', (_, entry, name) => {
    const modules = files[name]?.modules ?? [];
    expect(modules.some((path) => entry.test(path))).toBe(true);
    const others = /\/zod\/v4\/classic\/|\/openid-client\/|^src\/pages\/words\/(?:de|fr|es|ja|ar)\//;
    expect(modules.filter((path) => others.test(path))).toEqual([]);
    const required = [...(files[name]?.code ?? '').matchAll(/require\("\.\/(\w+)\.cjs"\)/g)].map(
      ([, file = '']) => file,
    );
    expect(required.length).toBeGreaterThan(0);
    const allowed: readonly string[] = ['main', 'calls', 'visits', ...languages];
    expect(required.filter((file) => !allowed.includes(file))).toEqual([]);
  });

  it('keeps no request in memory by a generator of its own, which the library makes where it means an async function', () => {
    const codes = Object.values(files).map(({ code }) => code);
    expect(codes.filter((code) => /void 0,\s*void 0,\s*function\s*\*/.test(code))).toEqual([]);
  });

  it.each(languages)('has the words of one language in one file: %s', (language) => {
    const file = language === 'en' ? 'visits.cjs' : `${language}.cjs`;
    expect(files[file]?.modules).toContain(`src/pages/words/${language}.ts`);
  });

  it('has words as they are read, and only ASCII where code is', () => {
    for (const language of languages.filter((one) => one !== 'en'))
      expect(files[`${language}.cjs`]?.code).not.toMatch(/\\u\w{4}|\\x[a-f\d]{2}/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
    expect(files['main.cjs']?.code).toMatch(/^[\x00-\x7f]*$/);
  });

  it('keeps what belongs to one request in fields of its objects, and nothing of it in a WeakMap', async () => {
    const library = await readFile(join(project, 'node_modules/@azure/functions/dist/azure-functions.js'), 'utf8');
    const fields = library.match(/_(?:Http|Invocation)\w+ = new Weak(?:Map|Set)\(\)/g) ?? [];
    expect(fields.length).toBeGreaterThan(10);
    expect(files['main.cjs']?.code.match(/=\s*__field\(\)/g)?.length).toBeGreaterThanOrEqual(fields.length);
  });

  it('keeps for stack traces all names of our own, and of others what they export, and shortens what else others name', () => {
    const code = files['main.cjs']?.code ?? '';
    // A function that its module keeps to itself, one of its variables, and what two modules of others export.
    const kept = [
      /\bisServed=/,
      /\brising=/,
      /\bKeyVaultClient=class\b/,
      /\bfunction bearerTokenAuthenticationPolicy\b/,
    ];
    expect(kept.filter((name) => !name.test(code))).toEqual([]);
    expect(['policyDescriptor', 'HttpPipeline', 'mappedLogger'].filter((name) => code.includes(name))).toEqual([]);
  });

  it('makes no form, since it is built without them', () => {
    const making = /\bnew\s*\(?(?:undefined|void 0)\b/;
    expect(Object.keys(files).filter((name) => making.test(files[name]?.code ?? ''))).toEqual([]);
  });

  it('has every module in one file alone', () => {
    expect(new Set(inputs).size).toBe(inputs.length);
  });
});
