/**
 * Asks a running server what it must do and must refuse:
 *
 *   node infra/hooks/smoke-test.mjs --url https://… [--issuer https://…] [--client-id … --client-secret …]
 *
 * Exit code 0 when nothing failed. The secret may come from ASSENT_CLIENT_SECRET, so that it is on no command line.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { say } from './lib/shell.mjs';
import { checks } from './lib/smoke-checks.mjs';

/** Runs every check, says how each ended, and returns how many passed, failed and were skipped. */
export const smokeTest = async ({ baseUrl, issuer = baseUrl, client, expectsSignIn = true }) => {
  const target = { baseUrl, issuer, client, expectsSignIn };
  const has = { client: client !== undefined, https: baseUrl.startsWith('https:') };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run, needs } of checks) {
    if (needs !== undefined && !has[needs]) {
      counts.skipped += 1;
      say(`  SKIPPED  ${name} (needs ${needs === 'client' ? 'a client' : needs})`);
      continue;
    }
    const problem = await run(target).then(
      () => undefined,
      (error) => error.cause?.message ?? error.message,
    );
    counts[problem === undefined ? 'passed' : 'failed'] += 1;
    say(problem === undefined ? `  ok       ${name}` : `  FAILED   ${name}: ${problem}`);
  }
  return counts;
};

const main = async () => {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { url: text, issuer: text, 'client-id': text, 'client-secret': text },
  });
  if (values.url === undefined) throw new Error('--url is missing');
  const secret = values['client-secret'] ?? process.env.ASSENT_CLIENT_SECRET;
  const id = values['client-id'];
  const client = id !== undefined && secret !== undefined ? { id, secret } : undefined;
  const baseUrl = values.url.replace(/\/$/, '');
  const counts = await smokeTest({ baseUrl, issuer: values.issuer ?? baseUrl, client });
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
