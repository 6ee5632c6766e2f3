/** .ci/bicep.sh with stand-ins for `dotnet` and the compiler: what it may call installed, and when it must fail. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './bicep/files.ts';

const compilerOf = (version: string): string => `#!/bin/sh\necho "Bicep CLI version ${version} (abc)"\n`;
const aborting = '#!/bin/sh\necho "Process terminated. Could not find a valid ICU package" >&2\nexit 134\n';
const onlyWithoutIcu = `#!/bin/sh\n[ "$DOTNET_SYSTEM_GLOBALIZATION_INVARIANT" = 1 ] || exit 134\necho "Bicep CLI version 0.49.2"\n`;

const tools = [
  'bash',
  'sh',
  'grep',
  'head',
  'sort',
  'uname',
  'mktemp',
  'cat',
  'rm',
  'find',
  'cp',
  'mv',
  'chmod',
  'mkdir',
  'dirname',
];

let folder = '';
const inFolder = (name: string): string => join(folder, name);
const cached = (): string => inFolder('cache/assent/bicep');

const program = (path: string, text: string): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

/** A `dotnet` whose restore puts `compiler` where NuGet would. */
const dotnet = (compiler: string): void => {
  writeFileSync(inFolder('packed'), compiler);
  const place = '"$4/azure.bicep.commandline/tools"';
  program(inFolder('bin/dotnet'), `#!/bin/sh\nmkdir -p ${place}\ncp "${inFolder('packed')}" ${place}/bicep\n`);
};

const run = (variables: Readonly<Record<string, string>> = {}) => {
  const { status, stdout } = spawnSync('bash', [`${root}.ci/bicep.sh`], {
    encoding: 'utf8',
    env: { PATH: inFolder('bin'), HOME: folder, XDG_CACHE_HOME: inFolder('cache'), ...variables },
  });
  return { status, stdout };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assent-bicep-'));
  mkdirSync(inFolder('bin'));
  for (const tool of tools) {
    const found = ['/usr/bin', '/bin'].map((place) => join(place, tool)).find(existsSync);
    if (found !== undefined) symlinkSync(found, inFolder(`bin/${tool}`));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the script that gets the compiler', () => {
  it('installs one that needs no ICU library', () => {
    dotnet(onlyWithoutIcu);
    expect(run()).toEqual({ status: 0, stdout: 'bicep: installed 0.49.2\n' });
    expect(readFileSync(cached(), 'utf8')).toBe(onlyWithoutIcu);
  });

  it('never calls installed what cannot run', () => {
    dotnet(aborting);
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('NOT AVAILABLE') });
    expect(existsSync(cached())).toBe(false);
  });

  it('asks again when the feed does not answer', () => {
    dotnet(compilerOf('0.49.2'));
    const good = readFileSync(inFolder('bin/dotnet'), 'utf8').replace('#!/bin/sh\n', '');
    const tries = inFolder('tries');
    program(
      inFolder('bin/dotnet'),
      `#!/bin/sh\necho >> "${tries}"\n[ "$(cat "${tries}" | wc -l)" = 3 ] || exit 1\n${good}`,
    );
    symlinkSync('/usr/bin/wc', inFolder('bin/wc'));
    expect(run({ CI: 'true' })).toEqual({ status: 0, stdout: 'bicep: installed 0.49.2\n' });
  });

  it.each([
    ['older', compilerOf('0.36.1')],
    ['broken', aborting],
  ])('replaces an %s one in the cache', (_, former) => {
    program(cached(), former);
    dotnet(compilerOf('0.49.2'));
    expect(run().stdout).toBe('bicep: installed 0.49.2\n');
  });

  it('keeps one that is new enough, and asks nobody', () => {
    program(cached(), compilerOf('0.50.1'));
    expect(run({ CI: 'true' })).toEqual({ status: 0, stdout: 'bicep: already there: 0.50.1\n' });
  });

  it('fails in CI where there is no compiler, and tells a developer only', () => {
    expect(run({ CI: 'true' }).status).toBe(1);
    expect(run()).toEqual({ status: 0, stdout: 'bicep: NOT AVAILABLE: no dotnet to get it with\n' });
  });
});
