/** Runs `npx assent` as whoever has a checkout does. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const checkout = fileURLToPath(new URL('../../', import.meta.url));

export type CliRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Circumstances = {
  /** The environment; nothing else is in it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from its standard input. */
  readonly input?: string;
};

/** Never blocks this process, which may be serving the child. */
export const execute = (
  [command, ...words]: readonly [string, ...string[]],
  { env = {}, cwd = checkout, input = '' }: Circumstances = {},
): Promise<CliRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, words, { env, cwd });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? -1, ...texts }));
    child.stdin.on('error', () => {}).end(input);
  });

/** Node for the command; set to an older one to prove that it runs there. */
const node = process.env.CLI_NODE_PATH ?? process.execPath;

export const assent = (words: readonly string[], circumstances?: Circumstances): Promise<CliRun> =>
  execute([node, `${checkout}cli/assent.mjs`, ...words], circumstances);
