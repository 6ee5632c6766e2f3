/** The Azure CLI, as a child process that may not hang. */
import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';

const patienceMilliseconds = 60_000;
const install = 'Install it (https://aka.ms/install-az) and run "az login", or set ASSENT_CLIENT_ID and a credential.';

/** What `az` prints, as JSON. Throws `Failure` when it is not there, nobody is signed in to it, or it does not end. */
export const az = async (words, environment) => {
  const { code, stdout, stderr } = await run([...words, '--output', 'json'], environment);
  if (code === 0) return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  const problem = (stderr || stdout).trim().split('\n').slice(0, 4).join('\n');
  if (code === 'missing' || /is not recognized as an internal/i.test(stderr))
    throw new Failure('signIn', 'The Azure CLI is not installed.', install);
  if (code === 'late')
    throw new Failure('signIn', 'The Azure CLI did not end within a minute.', 'Try "az account show".');
  if (/az login|no subscription found|refresh token|AADSTS50|AADSTS70/i.test(problem))
    throw new Failure('signIn', `Nobody is signed in to the Azure CLI, or not any more: ${problem}`, 'Run "az login".');
  throw new Failure('refused', `"az ${words.slice(0, 3).join(' ')} …" failed: ${problem}`);
};

/** On Windows `az` is a batch file, which Node starts through a shell only: words that a shell would understand are refused. */
const start = (words, env) => {
  const options = { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true };
  if (process.platform !== 'win32') return spawn('az', words, options);
  if (words.some((word) => /[&|<>^"%!\r\n]/.test(word)))
    throw new Failure('usage', 'A word for az holds what cmd.exe would run.');
  return spawn(
    'az',
    words.map((word) => `"${word}"`),
    { ...options, shell: true },
  );
};

const run = (words, env) =>
  new Promise((resolve) => {
    const child = start(words, env);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        texts[name] += text;
      });
    const timer = setTimeout(() => {
      child.kill();
      resolve({ code: 'late', ...texts });
    }, patienceMilliseconds);
    const end = (code) => {
      clearTimeout(timer);
      resolve({ code, ...texts });
    };
    child.on('error', () => end('missing')).on('close', end);
  });
