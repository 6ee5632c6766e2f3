/** The Bicep compiler, where there is one: BICEP_PATH, the place where .ci/bicep.sh puts it, or the PATH. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const candidates = [process.env.BICEP_PATH, join(cache, 'assent', 'bicep'), 'bicep'];

const works = (path: string): boolean =>
  (!path.includes('/') || existsSync(path)) && spawnSync(path, ['--version'], { encoding: 'utf8' }).status === 0;

/** Path of a working compiler, or undefined. */
export const findCompiler = (): string | undefined =>
  candidates.filter((path) => path !== undefined && path !== '').find((path) => works(path ?? ''));

/** Compiles a file to its ARM template and returns that with everything the compiler had to say. */
export const compile = (
  compiler: string,
  file: string,
): { readonly template: unknown; readonly complaints: string } => {
  const built = spawnSync(compiler, ['build', file, '--stdout'], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const linted = spawnSync(compiler, ['lint', file], { encoding: 'utf8' });
  const complaints = [built.stderr, linted.stdout, linted.stderr].join('').trim();
  return { template: built.status === 0 ? JSON.parse(built.stdout) : undefined, complaints };
};
