/** azure.yaml, the hooks as files, the workflows and the package: what can go wrong without any Azure around. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../src/config.ts';
import { purge } from '../../src/functions/system/purge.ts';
import { signOuts } from '../../src/functions/system/sign-outs.ts';
import { endpoints } from '../../src/functions/table.ts';
import { languages } from '../../src/pages/words/languages.ts';
import { startStack } from '../support/stack.ts';
import { infra, root } from './bicep/files.ts';

const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const hooks = readdirSync(`${infra}hooks`, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.mjs'),
);

describe('azure.yaml', () => {
  const text = read('azure.yaml');

  it('deploys the built folder as it is', () => {
    for (const line of ['project: .', 'host: function', 'dist: dist/package', 'remoteBuild: false'])
      expect(text).toMatch(new RegExp(`^    ${line.replace('.', '\\.')}$`, 'm'));
    expect(text).toMatch(/^requiredVersions:\n( {2}#.*\n)* {2}azd: '>= \d/m);
    expect(existsSync(`${root}.funcignore`)).toBe(false);
    expect(JSON.parse(read('package.json')).scripts).toMatchObject({
      build: expect.any(String),
      package: 'npm run build',
    });
  });

  it('names the service that the template tags', () => {
    expect(text).toMatch(/^services:\n {2}server:/m);
    expect(read('infra/modules/app.bicep')).toContain("'azd-service-name': 'server'");
  });

  it('runs each hook with node, the same on every system', () => {
    const runs = [
      ...text.matchAll(
        /^ {2}(\w+):\n {4}posix:\n {6}shell: sh\n {6}run: (.*)\n[\s\S]*?windows:\n {6}shell: pwsh\n {6}run: (.*)$/gm,
      ),
    ];
    expect(runs.map(([, name]) => name)).toEqual(['preprovision', 'postprovision', 'postdeploy', 'postdown']);
    for (const [, name, posix, windows] of runs) {
      expect([posix, windows]).toEqual([`node infra/hooks/${name}.mjs`, `node infra/hooks/${name}.mjs`]);
      expect(hooks).toContain(`${name}.mjs`);
    }
  });
});

describe.each(hooks)('infra/hooks/%s', (name) => {
  const imports = [...read(`infra/hooks/${name}`).matchAll(/from '([^']+)'/g)].map(([, from = '']) => from);

  it('needs nothing but Node', () => {
    expect(imports.filter((from) => !from.startsWith('node:') && !from.startsWith('.'))).toEqual([]);
  });
});

describe('the workflows', () => {
  const ci = read('.github/workflows/ci.yml');
  // The one name that `azd pipeline config` looks for; it would add another file beside any other.
  const deploy = read('.github/workflows/azure-dev.yml');
  const signIn = read('.github/actions/azure-sign-in/action.yml');
  const job = (name: string): string => new RegExp(`\n  ${name}:\n((?:    .*\n|\n|  # .*\n)+)`).exec(deploy)?.[1] ?? '';

  it('run the command that the README gives', () => {
    expect(ci).toContain('run: npm ci && npm test');
    if (existsSync(`${root}README.md`)) expect(read('README.md')).toContain('npm ci && npm test');
  });

  it('are the two that are meant, and hold and read no secret', () => {
    expect(readdirSync(`${root}.github/workflows`).sort()).toEqual(['azure-dev.yml', 'ci.yml']);
    for (const text of [ci, deploy, signIn]) expect(text).not.toMatch(/secrets\.|password|client-secret/i);
    expect(deploy.slice(0, deploy.indexOf('jobs:'))).not.toContain('id-token');
  });

  it('pass on every parameter of the template, and what may be reset', () => {
    const parameters = [...read('infra/main.parameters.json').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    const names = [...parameters, 'ALLOW_RESET'];
    expect(names.filter((name) => !deploy.includes(`${name}: \${{ vars.${name}`))).toEqual([]);
  });

  it('deploy from main alone, after the tests, in the environment that has reviewers', () => {
    expect(job('deploy')).toContain("github.ref == 'refs/heads/main'");
    expect(job('deploy')).toContain('needs: test');
    expect(job('deploy')).toContain('environment: production');
    expect(job('test')).toContain('uses: ./.github/workflows/ci.yml');
    expect(ci).toContain('workflow_call:');
  });

  it('sign in before provisioning and again before deploying, and take the tokens of the hooks at once', () => {
    const steps = [...job('deploy').matchAll(/uses: (\.\S+)|run: (azd .*)/g)].map(([, uses, run]) => uses ?? run);
    const login = './.github/actions/azure-sign-in';
    expect(steps).toEqual([login, 'azd provision --no-prompt', login, 'azd deploy --no-prompt']);
    expect(signIn).toMatch(/azure\/login@[\s\S]*get-access-token --resource-type ms-graph/);
    expect(signIn).toContain('get-access-token --resource https://storage.azure.com/');
  });

  it('show on a pull request of this repository what would change, as another identity', () => {
    expect(job('preview')).toContain('run: azd provision --preview --no-prompt');
    expect(job('preview')).toContain('head.repo.full_name == github.repository');
    expect(job('preview')).toMatch(/client-id: .*vars\.AZURE_PREVIEW_CLIENT_ID/);
    expect(job('preview')).not.toMatch(/vars\.AZURE_CLIENT_ID|npm|node /);
  });

  it('pin every action of others by commit, and say which version that is', () => {
    const used = [ci, deploy, signIn].flatMap((text) =>
      [...text.matchAll(/uses: ([^.\s].*)$/gm)].map(([, uses]) => uses),
    );
    expect(used.length).toBeGreaterThan(5);
    for (const uses of used) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

describe('the version', () => {
  it('is the same wherever it stands', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('azure.yaml')).toContain(`template: assent@${version}\n`);
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^# Changelog\n\n## ${version.replaceAll('.', '\\.')}[,\n]`));
  });
});

describe('the logs that alerts and workbook look for', () => {
  const queries = [
    ...readdirSync(`${infra}queries`).map((name) => read(`infra/queries/${name}`)),
    ...(JSON.parse(read('infra/workbook.json')) as { items: { content: { query?: string } }[] }).items.map(
      ({ content }) => content.query ?? '',
    ),
  ];
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('local'))
    .map((name) => read(`src/${name}`))
    .join('\n');
  const matches = (pattern: RegExp): readonly string[] => [
    ...new Set(queries.flatMap((query) => [...query.matchAll(pattern)].map(([, found = '']) => found))),
  ];

  it('are written by the code', () => {
    const written = (event: string): boolean => new RegExp(`event(:| =) [^,};]*'${event}'`).test(sources);
    expect(matches(/event == '(\w+)'/g).filter((event) => !written(event))).toEqual([]);
  });

  it('name functions that exist', () => {
    const functions = [...endpoints, purge, signOuts].map(({ name }) => name);
    expect(matches(/Name == '([\w-]+)'/g).filter((name) => !functions.includes(name))).toEqual([]);
  });
});

describe("the operators' manual", () => {
  const manual = read('infra/README.md');

  it('explains every parameter and every setting', () => {
    const parameters = [...read('infra/main.parameters.json').matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
    const platform = Object.keys(JSON.parse(read('infra/platform-settings.json')));
    const tunable = JSON.parse(read('infra/tunable-settings.json')) as string[];
    expect(parameters.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
    expect(tunable.filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(platform.filter((name) => settingNames.includes(name))).toEqual([]);
    expect(tunable.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the package', () => {
  const folder = `${root}dist/package`;

  it('is the bundle, what it loads later, the host’s configuration and the name of the bundle', () => {
    const others = languages.filter((language) => language !== 'en');
    const code = [
      'main',
      'identity',
      'provider',
      'calls',
      'visits',
      ...others,
      'account',
      'later',
      'operators',
      'outbound',
    ];
    const files = ['host.json', 'package.json', ...code.map((name) => `${name}.cjs`)];
    expect(readdirSync(folder).sort()).toEqual(files.sort());
    expect(JSON.parse(read('dist/package/package.json'))).toMatchObject({ main: 'main.cjs' });
    expect(JSON.parse(read('dist/package/host.json'))).not.toHaveProperty('extensionBundle');
  });

  it('starts in the local host from that folder alone', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'assent-package-'));
    cpSync(folder, elsewhere, { recursive: true });
    const stack = await startStack({ packageFolder: elsewhere });
    try {
      const answer = await fetch(`${stack.issuer}/healthz`);
      expect(answer.status).toBe(200);
    } finally {
      await stack.stop();
      rmSync(elsewhere, { recursive: true });
    }
  });
});
