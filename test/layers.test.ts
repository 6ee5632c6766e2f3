/** The layers of the source: the linter's rules, each tried with a forbidden import planted in a copy of the layout. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const biome = join(import.meta.dirname, '../node_modules/.bin/biome');

/** Folder -> what it must not import, by its path from `src/` or from a package. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  'src/oauth': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions', 'node:http'],
  'src/oauth/access': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/audit': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/authorization': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/clients': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/clients/metadata': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/dpop': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/images': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/grants': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/policy': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/oauth/tokens': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/pages': ['storage/table.ts', 'oauth/clients/client.ts', 'http/reply.ts', '@azure/functions'],
  'src/pages/console': ['storage/table.ts', 'oauth/clients/client.ts', 'http/reply.ts', '@azure/functions'],
  'src/pages/words': ['pages/layout.ts', 'oauth/errors.ts', 'http/reply.ts', '@azure/functions'],
  ...Object.fromEntries(
    ['en', 'de', 'fr', 'es', 'ja', 'ar'].map((language) => [
      `src/pages/words/${language}`,
      ['pages/layout.ts', 'oauth/errors.ts', 'http/reply.ts', '@azure/functions'],
    ]),
  ),
  'src/http': ['storage/table.ts', 'signing/signer.ts', 'identity/sign-in.ts', '@azure/data-tables'],
  'src/storage': ['http/reply.ts', 'signing/signer.ts', 'functions/oauth/token.ts', '@azure/keyvault-keys'],
  'src/signing': ['http/reply.ts', 'storage/table.ts', 'config.ts', '@azure/data-tables'],
  'src/identity': ['http/reply.ts', 'storage/table.ts', '@azure/data-tables'],
  'src/transport': ['storage/table.ts', 'oauth/crypto.ts', 'config.ts', '@azure/keyvault-keys', 'node:http', 'undici'],
  'src/outbound': ['oauth/clients/client.ts', 'storage/table.ts', 'config.ts', 'undici', 'openid-client'],
  'src/functions': ['storage/table.ts', 'server.ts', '@azure/functions'],
  'src/functions/account': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/apps': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/console': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/admin': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/oauth': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/sign-in': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/functions/system': ['../local/start.ts', '@azure/data-tables', '@azure/functions', 'openid-client'],
  'src/flows/account': ['http/reply.ts', 'pages/error.ts', '@azure/functions', '@azure/data-tables'],
  'src/flows/audit': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/apps': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/authorization': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/device': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/catalogue': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/clients': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/operators': ['http/reply.ts', 'functions/oauth/token.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/revocations': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/policy': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/limits': ['storage/table.ts', 'http/reply.ts', 'config.ts', '@azure/functions'],
  'src/flows/mail': ['storage/table.ts', 'http/reply.ts', 'pages/mail.ts', '@azure/functions'],
  'src/flows/sign-out': ['storage/table.ts', 'http/reply.ts', 'pages/error.ts', '@azure/functions'],
  'src/flows/token': ['storage/table.ts', 'http/endpoint.ts', 'pages/error.ts', '@azure/functions'],
  src: ['../local/start.ts', '@azure/data-tables', 'openid-client'],
  // Folders that nobody has given a layer: nothing may be imported there, not even what lies beside.
  'src/oauth/new': ['oauth/crypto.ts', 'storage/table.ts', '@azure/functions'],
  'src/new': ['server.ts', '@azure/data-tables'],
  cli: ['server.ts', 'oauth/crypto.ts', '../infra/hooks/lib/shell.mjs', 'jose', 'zod'],
  'cli/commands': ['server.ts', 'oauth/crypto.ts', '../../infra/hooks/lib/shell.mjs', 'jose'],
  // What is measured is measured from outside, and the peer is somebody else's.
  bench: ['server.ts', 'storage/table.ts', 'oauth/crypto.ts', '@azure/keyvault-keys'],
  'bench/simulation': ['server.ts', 'storage/table.ts', '../local/listen.ts', 'openid-client'],
  'bench/peer': ['server.ts', '../local/listen.ts', 'oauth/crypto.ts', 'openid-client'],
};

const folders = Object.keys(forbidden);
let copy: string;
let report: string;

const specifier = (folder: string, target: string): string => {
  if (target.startsWith('@') || !target.endsWith('.ts')) return target;
  const path = relative(folder, `src/${target}`);
  return path.startsWith('.') ? path : `./${path}`;
};

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'layers-'));
  await run('git', ['init', '-q', copy]);
  await cp(join(import.meta.dirname, '../biome.json'), join(copy, 'biome.json'));
  for (const folder of folders) {
    const imports = (forbidden[folder] ?? []).map(
      (target, index) => `import { x${index} } from '${specifier(folder, target)}';`,
    );
    const uses = imports.map((_, index) => `x${index}`).join(', ');
    const file = join(copy, folder, 'planted.ts');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${imports.join('\n')}\nconsole.log(${uses}, process.env.PLANTED);\n`);
  }
  const lint = run(biome, ['lint', '--reporter=json', '--max-diagnostics=1000', '.'], {
    cwd: copy,
    maxBuffer: 2 ** 26,
  });
  report = await lint.then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Rule names reported for a file. */
const problemsIn = (file: string): readonly string[] => {
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: readonly { category: string; location: { path: string | { file: string } } }[];
  };
  const pathOf = (path: string | { file: string }) => (typeof path === 'string' ? path : path.file);
  return diagnostics.filter(({ location }) => pathOf(location.path).endsWith(file)).map(({ category }) => category);
};

describe('the layers', () => {
  it('cover every folder that is deployed', async () => {
    const entries = await readdir(join(import.meta.dirname, '../src'), { recursive: true, withFileTypes: true });
    const withCode = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
    const found = new Set(withCode.map(({ parentPath }) => relative(join(import.meta.dirname, '..'), parentPath)));
    expect([...found].filter((folder) => forbidden[folder] === undefined)).toEqual([]);
  });

  it('let operators, and clients that registered themselves, use the verbs of stored clients: all others ask for the client that an id names', async () => {
    const src = join(import.meta.dirname, '../src');
    const files = (await readdir(src, { recursive: true })).filter((file) => /^(functions|flows)\/.*\.ts$/.test(file));
    const verbs = /\bstore\.clients\b|\{[^{}]*\bclients\b[^{}]*\} = (server\.)?store\b/;
    const users = files.filter((file) => verbs.test(readFileSync(join(src, file), 'utf8')));
    expect(users.toSorted()).toEqual([
      'flows/apps/owned.ts',
      'flows/apps/owners.ts',
      'flows/apps/registration.ts',
      'flows/clients/changes.ts',
      'flows/clients/keep-used.ts',
      'flows/clients/own-registration.ts',
      'flows/operators/clients.ts',
      'flows/operators/counted-effects.ts',
      'flows/operators/not-before.ts',
      'flows/operators/survey.ts',
      'functions/admin/apps.ts',
      'functions/admin/authenticate.ts',
    ]);
  });

  it.each(folders)('refuse every forbidden import planted in %s', (folder) => {
    const restricted = problemsIn(`${folder}/planted.ts`).filter((rule) => rule.endsWith('noRestrictedImports'));
    expect(restricted).toHaveLength(forbidden[folder]?.length ?? 0);
  });

  it.each(folders.filter((folder) => folder.startsWith('src')))(
    'let nothing but config.ts read the environment: %s',
    (folder) => {
      expect(problemsIn(`${folder}/planted.ts`).filter((rule) => rule.endsWith('noProcessEnv'))).toHaveLength(1);
    },
  );
});
