/** Child processes of the local world: they end with their parent, and their last words are kept for the error. */
import { type ChildProcess, spawn } from 'node:child_process';

export type Child = {
  readonly process: ChildProcess;
  /** Everything printed so far, the latest 64 KB of it. */
  output(): string;
  /** Resolves with the exit code once it has ended. */
  readonly ended: Promise<number>;
  /** Sends `signal`, then SIGKILL when the process is still there after `graceSeconds`. Resolves when it is gone. */
  stop(signal: NodeJS.Signals, graceSeconds: number): Promise<void>;
};

type ChildOptions = {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ready when this appears in its output (an end before that rejects with what it printed); or else once it runs. */
  readonly readyWhen?: RegExp;
  readonly print?: boolean;
  readonly folder?: string;
};

/** Tests count lines in it, which a window that is too short would let go as fast as they come. */
const keptCharacters = 8_388_608;
const charactersOfLastWords = 65_536;

/** Windows has no process groups that could be signalled. */
const hasGroups = process.platform !== 'win32';

/** A parent that was killed cannot stop its children; the channel to it closes with it. 0 is the own process group. */
const endWithParent = `data:text/javascript,process.on("disconnect",()=>process.kill(${hasGroups ? 0 : 'process.pid'},"SIGINT"));process.channel?.unref()`;

/** Starts `node <args>` and resolves when it is ready. */
export const startChild = async ({ name, args, readyWhen, print, ...options }: ChildOptions): Promise<Child> => {
  const child = spawn(process.execPath, ['--import', endWithParent, ...args], {
    env: options.environment,
    cwd: options.folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches a whole process group: in one of its own a child ends when its turn comes, once.
    detached: hasGroups,
    windowsHide: true,
  });
  let output = '';
  let isReady = readyWhen === undefined;
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-keptCharacters);
      if (print === true) process.stdout.write(chunk);
      if (isReady || readyWhen?.test(output) !== true) return;
      isReady = true;
      resolve();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('spawn', () => readyWhen ?? resolve());
    child.once('close', (code) =>
      reject(new Error(`${name} ended with code ${code}:\n${output.slice(-charactersOfLastWords)}`)),
    );
  });
  return {
    process: child,
    output: () => output,
    ended,
    stop: async (signal, graceSeconds) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      signalAll(child, signal);
      const force = setTimeout(() => signalAll(child, 'SIGKILL'), graceSeconds * 1000);
      await ended;
      clearTimeout(force);
    },
  };
};

/** The child and what it has started itself. */
const signalAll = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (hasGroups && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It ended in this very moment.
  }
};
