/** Runs one example program as its reader would: starts it, opens the address it prints, pastes the answer. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Person } from '../support/person.ts';
import { type Example, examplesFolder } from './examples.ts';

const patienceSeconds = 120;

export type Running = {
  /** The address behind "Open". Rejects with what it printed when it ends without one. */
  readonly opened: Promise<URL>;
  /** Types a line. */
  type(line: string): void;
  /** Exit code and everything it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  stop(): Promise<void>;
};

type Runnable = Pick<Example, 'name' | 'command' | 'environment'>;

export const run = (
  example: Runnable,
  environment: Readonly<Record<string, string>>,
  folder = examplesFolder,
): Running => {
  const [program, ...args] = example.command;
  const env = { ...process.env, NO_PROXY: '*', ...example.environment, ...environment };
  // A group of its own: `go run` and `dotnet run` start the program as a child.
  const child = spawn(program, args, { cwd: folder, env, detached: true, timeout: patienceSeconds * 1000 });
  let output = '';
  const opened = Promise.withResolvers<URL>();
  const collect = (chunk: Buffer): void => {
    output += chunk;
    const address = /Open (http\S+)\s/.exec(output)?.[1];
    if (address !== undefined) opened.resolve(new URL(address));
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
    child.once('error', (error) => resolve({ code: null, output: `${error}` }));
  });
  void ended.then(() => opened.reject(new Error(`${example.name} ended early:\n${output}`)));
  opened.promise.catch(() => undefined);
  return {
    opened: opened.promise,
    type: (line) => child.stdin.end(`${line}\n`),
    ended,
    stop: async () => {
      if (child.pid === undefined || child.exitCode !== null) return;
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
};

/** The person approves; what the program prints until it ends. Rejects when it fails. */
export const connectInTerminal = async (running: Running, person: Person): Promise<string> => {
  running.type((await person.authorize(await running.opened)).href);
  const { code, output } = await running.ended;
  if (code !== 0) throw new Error(`ended with ${code}:\n${output}`);
  return output;
};

/** The person approves in the web application; the page that it shows then. Rejects when there is none. */
export const connectInBrowser = async (running: Running, person: Person): Promise<string> => {
  const address = await running.opened;
  // Some say so just before they listen.
  await listening(Number(address.port));
  const approval = await person.visit(address);
  const end = approval.kind === 'page' ? await person.decide(approval, { decision: 'approve' }) : approval;
  if (end.kind === 'page' && end.status === 200) return end.html;
  throw new Error(end.kind === 'page' ? `${end.url} answered ${end.status}:\n${end.html}` : `left to ${end.location}`);
};

const listening = async (port: number): Promise<void> => {
  for (let attempt = 0; attempt < 100 && !(await accepts(port)); attempt++) await setTimeout(100);
};

/** By connecting: to try to listen there oneself could take the port at the very moment when the program wants it. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, 'localhost', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
