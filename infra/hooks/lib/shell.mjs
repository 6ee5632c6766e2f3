/** Runs `az` and `azd`, the same on every system, and says in plain words what is missing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { windowsLine } from './windows-line.mjs';

/** Ends the hook with an explanation; everything else that is thrown is a defect. */
export class Stop extends Error {}

/** A command that is not there at all. */
export class NotInstalled extends Stop {}

/** What a person may not do here; another person may, so hooks go on and say who should do what. */
export class NotAllowed extends Error {}

const onWindows = process.platform === 'win32';

/** Node stops a command that prints more than 1 MiB, and a directory or a history of deployments can; and none may hang. */
const limits = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 15 * 60_000 };

const start = (command, words) =>
  // On Windows `az` is a batch file, which Node starts through a shell only.
  onWindows
    ? spawnSync(windowsLine([command, ...words]), { ...limits, shell: true })
    : spawnSync(command, words, limits);

const install = {
  az: 'The Azure CLI is not installed: https://aka.ms/install-az. Then run "az login".',
  azd: 'The Azure Developer CLI is not installed: https://aka.ms/install-azd.',
};

const lacksRight =
  /insufficient privileges|authorization_requestdenied|authorizationfailed|does not have authorization|forbidden/i;

const isMissing = ({ error, stderr }) =>
  error?.code === 'ENOENT' || /is not recognized as an internal/i.test(stderr ?? '');

const problemOf = ({ error, stderr, stdout }) => {
  if (error?.code === 'ETIMEDOUT') return 'it did not end within 15 minutes';
  return (stderr || stdout || String(error)).trim();
};

/** Output of a command. Throws NotAllowed when the account may not do it, Stop with the command's own words otherwise. */
const run = (command, words) => {
  const result = start(command, words);
  if (isMissing(result)) throw new NotInstalled(install[command] ?? `${command} is not installed.`);
  if (result.status === 0) return result.stdout.trim();
  const problem = `"${command} ${words.slice(0, 3).join(' ')} …" failed: ${problemOf(result)}`;
  throw lacksRight.test(problem) ? new NotAllowed(problem) : new Stop(problem);
};

/** Answer of `az` as JSON; undefined when it has nothing to say. */
export const az = (...words) => {
  const text = run('az', [...words, '--output', 'json']);
  return text === '' ? undefined : JSON.parse(text);
};

/** As `az`, but undefined when what was asked for does not exist. */
export const azMaybe = (...words) => {
  try {
    return az(...words);
  } catch (error) {
    if (error instanceof Stop && /not ?found|does not exist|no .* were found/i.test(error.message)) return undefined;
    throw error;
  }
};

/** Calls `use` with words that make az read `value` from a file: quoting JSON differs between shells. */
export const withJsonFile = (value, use) => {
  const folder = mkdtempSync(join(tmpdir(), 'assent-'));
  try {
    const path = join(folder, 'value.json');
    writeFileSync(path, JSON.stringify(value));
    return use(`@${path}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Remembers a value in the azd environment, for later steps and later runs. */
export const remember = (name, value) => {
  run('azd', ['env', 'set', name, value]);
  process.env[name] = value;
};

/** Reads the azd environment into this process, for a program that azd did not start. */
export const loadEnvironment = () =>
  Object.assign(process.env, JSON.parse(run('azd', ['env', 'get-values', '--output', 'json'])));

/** A value of the azd environment, or undefined; azd writes an unset one as an empty text. */
export const known = (name) => process.env[name] || undefined;

export const required = (name) => {
  const value = known(name);
  if (value === undefined)
    throw new Stop(
      `${name} is not in the azd environment. "azd up" asks for what is missing and finds out the rest; hooks run ` +
        'through azd: "azd hooks run <name>".',
    );
  return value;
};

/** Whether nobody watches: GitHub Actions and most others say CI, Azure Pipelines says TF_BUILD. */
export const unattended = () => known('CI') !== undefined || known('TF_BUILD') !== undefined;

export const say = (...lines) => console.log(lines.join('\n'));

/** Runs a hook: an explained stop is one message and exit code 1; a defect keeps its stack. */
export const hook = async (name, body) => {
  try {
    await body();
  } catch (error) {
    const explained = error instanceof Stop || error instanceof NotAllowed;
    console.error(explained ? `\n${name} stopped: ${error.message}\n` : error);
    process.exitCode = 1;
  }
};

export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
