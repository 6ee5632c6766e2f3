/**
 * A bundler leaves out functions that nobody calls, but no methods: and the SDKs' clients are classes, with a method for all that a
 * service can do. Of these classes the package holds what is called here, and so nothing either of what only the others need.
 */
import { readFile } from 'node:fs/promises';
import { shorten } from './short-names.mjs';

/** By the end of a module's path, the methods of its class that are called, by us (`src/signing`, `src/storage`) or by each other. */
const calledMethods = {
  // Only its pipeline is used (`src/storage/table-client.ts`).
  'data-tables/dist/esm/TableClient': [],
  // By the client of a managed identity, which extends it.
  'core-client/dist/esm/serviceClient': ['sendRequest'],
  'keyvault-keys/dist/esm/index': ['getKey', 'listPropertiesOfKeyVersions'],
  'keyvault-keys/dist/esm/keyVaultClient': ['getKey', 'getKeyVersions', 'wrapKey', 'unwrapKey'],
  'keyvault-keys/dist/esm/cryptographyClient': [
    ...['wrapKey', 'unwrapKey'],
    ...['fetchKey', 'getKeyMaterial', 'getProvider', 'ensureValid'],
  ],
  'keyvault-keys/dist/esm/cryptography/remoteCryptographyProvider': [
    ...['wrapKey', 'unwrapKey'],
    ...['isSupported', 'getKey', 'getKeyID'],
  ],
};

/** How a method begins and ends, as the SDKs' compiler writes it. Accessors, fields and calls look otherwise. */
const begins = /^ {4}(?:static |async )*\*?(\w+)\((?!.*;$)/;
const ends = /^ {4}\}$/;

/** The code without the methods that are not called. Throws when the SDK has changed so that somebody has to look. */
export const withoutOthers = (path, code, called) => {
  const [found, others, left] = [new Set(), new Set(), []];
  let isLeftOut = false;
  for (const line of code.split('\n')) {
    const name = begins.exec(line)?.[1];
    const isOther = name !== undefined && name !== 'constructor' && !called.includes(name);
    if (name !== undefined) (isOther ? others : found).add(name);
    isLeftOut ||= isOther;
    if (!isLeftOut) left.push(line);
    if (ends.test(line)) isLeftOut = false;
  }
  const missing = called.filter((name) => !found.has(name));
  const needed = [...others].filter((name) => new RegExp(`\\bthis\\.${name}\\b`).test(left.join('\n')));
  if (others.size === 0 || missing.length > 0 || needed.length > 0)
    throw new Error(`${path} has changed: it lacks [${missing}] and calls [${needed}]`);
  return left.join('\n');
};

/** The esbuild plugin. */
export const onlyCalledMethods = {
  name: 'only called methods',
  setup: (build) => {
    for (const [module, called] of Object.entries(calledMethods))
      build.onLoad({ filter: new RegExp(`[\\\\/]${module.replaceAll('/', '[\\\\/]')}\\.js$`) }, async ({ path }) => ({
        contents: await shorten(withoutOthers(path, await readFile(path, 'utf8'), called)),
      }));
  },
};
