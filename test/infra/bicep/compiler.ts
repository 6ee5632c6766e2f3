/** The Bicep compiler, where there is one: BICEP_PATH, the place where .ci/bicep.sh puts it, or the PATH; as that looks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const candidates = [process.env.BICEP_PATH, join(cache, 'assent', 'bicep'), 'bicep'];

/** The program aborts where the system has no ICU library, unless it is told to do without. */
const run = (path: string, words: readonly string[]) =>
  spawnSync(path, words, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
  });

const works = (path: string): boolean =>
  (!path.includes('/') || existsSync(path)) && run(path, ['--version']).status === 0;

/** Path of a working compiler, or undefined. */
export const findCompiler = (): string | undefined =>
  candidates.filter((path) => path !== undefined && path !== '').find((path) => works(path ?? ''));

/** Compiles a file to its ARM template and returns that with everything the compiler had to say. */
export const compile = (
  compiler: string,
  file: string,
): { readonly template: unknown; readonly complaints: string } => {
  const built = run(compiler, ['build', file, '--stdout']);
  const linted = run(compiler, ['lint', file]);
  const complaints = [built.stderr, linted.stdout, linted.stderr].join('').trim();
  return { template: built.status === 0 ? JSON.parse(built.stdout) : undefined, complaints };
};
