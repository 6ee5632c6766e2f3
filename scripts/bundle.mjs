/**
 * Source -> the files of a package: `main.cjs`, which the worker loads at once, and beside it one file for each of `laterFiles`
 * that holds anything: what is only behind an `import()` is there, and every module is still evaluated at its own first use.
 * A new instance parses what it loads, a millisecond for every 30 kilobytes, whether anybody calls it or not.
 *
 * esbuild splits only ES modules, and the worker wants CommonJS: so it splits in a first step, and joins in a second one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { functionsLibrary } from './functions-library.mjs';
import { ownCopy } from './own-copy.mjs';
import { shortNames } from './short-names.mjs';
import { slim } from './slim.mjs';

/** Entry points below `src/`, by their paths. */
const below = (...paths) => new RegExp(`^src/(?:${paths.join('|')})\\.ts$`);

/** Beside English, which everybody needs who sees a page. */
const languages = ['de', 'fr', 'es', 'ja', 'ar'];

/**
 * File -> the entry points whose modules lie in it, where no file above holds them already: together is what one instance is likely
 * to be asked for together. The last one takes the rest.
 */
const laterFiles = [
  ['identity.cjs', below('managed-identity')],
  ['provider.cjs', below('identity/provider')],
  ['outbound.cjs', below('outbound/fetch')],
  [
    'calls.cjs',
    below(
      'functions/oauth/(?:metadata|jwks|protected-resource|par|device-authorization|userinfo|revoke|introspect|revocations)',
      'functions/system/(?:health|logos)',
      'flows/audit/\\w+',
    ),
  ],
  [
    'visits.cjs',
    below(
      'functions/oauth/(?:authorize|consent|device|device-decision)',
      'functions/sign-in/[\\w-]+',
      'functions/system/home',
      'http/refusal-page',
      'pages/words/en',
    ),
  ],
  ...languages.map((language) => [`${language}.cjs`, below(`pages/words/${language}`)]),
  ['account.cjs', below('functions/account/(?:authorizations?|report|receipt|sessions)')],
  ['later.cjs', /^src\/(?!functions\/(?:admin|console)\/)/],
  ['operators.cjs', /./],
];

const common = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node22',
  // The worker injects this module; it is on no registry.
  external: ['@azure/functions-core'],
  logLevel: 'warning',
  legalComments: 'none',
};

/** Names and lines stay readable in stack traces, and nothing has to be called to keep them. */
const smaller = { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 };

/** By file name, its code and the paths of the modules in it. Rejects when esbuild does; it has said why. */
export const bundle = async (project, entry) => {
  const pieces = await split(project, entry);
  const fileOf = assigned(pieces);
  const files = [...new Set(fileOf.values())];
  const contents = files.map(async (file) => {
    const modules = [...fileOf].flatMap(([name, one]) => (one === file ? pieces.get(name).modules : []));
    return [file, { code: await joined(file, pieces, fileOf), modules }];
  });
  return Object.fromEntries(await Promise.all(contents));
};

/** What `src/build.ts` says. A checkout without its history has no commit to name. */
const buildOf = (project) => {
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  return { ASSENT_VERSION: JSON.stringify(version), ASSENT_COMMIT: JSON.stringify(commitOf(project)) };
};

const commitOf = (cwd) => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
};

/** Name of a piece -> its text, its modules, what it imports at once, what later, and which entry point it is. */
const split = async (project, entry) => {
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: project,
    entryPoints: { main: entry },
    outdir: project,
    // Bodies are texts and bytes. Asking whether one is a form would load all that Node has for `fetch`, before the first token.
    define: { ...buildOf(project), FormData: 'undefined' },
    format: 'esm',
    splitting: true,
    metafile: true,
    plugins: [slim(), ownCopy, functionsLibrary, shortNames, textOfCatalogue],
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return new Map(
    Object.entries(metafile.outputs).map(([path, { imports, inputs, entryPoint }]) => {
      const importsOf = (kind) =>
        imports.filter((one) => one.kind === kind && !one.external).map((one) => basename(one.path));
      const [atOnce, later] = [importsOf('import-statement'), importsOf('dynamic-import')];
      const modules = Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0);
      return [basename(path), { text: texts.get(basename(path)), modules, atOnce, later, entryPoint }];
    }),
  );
};

/** Name of a piece -> the file that it goes into. */
const assigned = (pieces) => {
  const fileOf = new Map();
  const assign = (name, file) => {
    if (fileOf.has(name)) return;
    fileOf.set(name, file);
    for (const imported of pieces.get(name).atOnce) assign(imported, file);
  };
  assign('main.js', 'main.cjs');
  const reached = reachable(pieces);
  for (const [file, entries] of laterFiles)
    for (const name of reached) if (entries.test(pieces.get(name).entryPoint ?? '')) assign(name, file);
  return fileOf;
};

/** The pieces that anything can ask for: esbuild makes one of every `import()`, in what it left out of the others as well. */
const reachable = (pieces) => {
  const found = new Set(['main.js']);
  for (const name of found) for (const next of [...pieces.get(name).atOnce, ...pieces.get(name).later]) found.add(next);
  return found;
};

/** One file of the package: its pieces, each under its own name for the other files. */
const joined = async (file, pieces, fileOf) => {
  const names = [...fileOf].filter(([, one]) => one === file).map(([name]) => name);
  const isMain = file === 'main.cjs';
  const exported = names.map((name) =>
    isMain ? `export * as ${idOf(name)} from './${name}';` : `get ${idOf(name)}() { return require('./${name}'); },`,
  );
  const contents = isMain ? `import './main.js';${exported.join('')}` : `module.exports = {${exported.join('')}};`;
  const { outputFiles } = await build({
    ...common,
    ...smaller,
    charset: charsetOf(file),
    stdin: { contents, resolveDir: '/' },
    format: 'cjs',
    plugins: [pieceLoader(file, pieces, fileOf), nodeModules],
  });
  return outputFiles[0].text;
};

/** Escapes are twice as long as what they stand for in Arabic or Japanese; but where few letters need them, V8 reads bytes faster. */
const charsetOf = (file) => (languages.includes(basename(file, '.cjs')) ? 'utf8' : 'ascii');

const idOf = (name) => name.replace(/\W/g, '_');

/** The built-in permissions, as a text: V8 parses JSON several times as fast as the same object in code. */
const textOfCatalogue = {
  name: 'text of the catalogue',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]src[\\/]oauth[\\/]access[\\/]catalogue\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};

/** Gives esbuild the pieces: those of this file as they are, those of another as what that file exports. */
const pieceLoader = (file, pieces, fileOf) => ({
  name: 'pieces',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path }) => ({ path: basename(path), namespace: 'piece' }));
    onResolve({ filter: /^\.\/\w+\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: 'piece' }, ({ path }) =>
      fileOf.get(path) === file
        ? { contents: pieces.get(path).text }
        : { contents: `module.exports = require('./${fileOf.get(path)}').${idOf(path)};` },
    );
  },
});

/**
 * Modules of Node that are imported as a namespace. esbuild copies their exports one by one, and reading some of them loads more of
 * Node (`util.diff`: the streams of the console). An object that inherits from the module reads none before it is used.
 */
const nodeModules = {
  name: 'modules of Node',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'node' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'node' }, ({ path }) => ({
      contents: `const it = require('${path}');
        module.exports = Object.create(it, { __esModule: { value: true }, default: { value: it } });`,
    }));
  },
};
