/**
 * Copies a deployment's tables to another account, after the loss of a region or for a restore (infra/README.md):
 *
 *   node infra/hooks/copy-tables.mjs --from https://<old>.table.core.windows.net --to https://<new>.table.core.windows.net
 *     [--old-key https://<old vault>.vault.azure.net/keys/assent-wrapping --new-key https://…] [--state copy-state.json] [--only users,replay,requests]
 *
 * Run again, it goes on where it was cut off. It voids what was issued before it copies anything and again at the end. With
 * both keys the deployment's secret comes along, and people keep their `sub`. A further account has three of the tables, which
 * `--only` names.
 */
import { parseArgs } from 'node:util';
import { signedInAccount, tokenFor } from './lib/account.mjs';
import { keptToken } from './lib/kept-token.mjs';
import { moveSecret } from './lib/rewrap.mjs';
import { hook, loadEnvironment, Stop, say } from './lib/shell.mjs';
import { copyTables, voidEverything } from './lib/table-copy.mjs';

const tokensFor = (resource) => keptToken(() => tokenFor('--resource', resource));

await hook('copy-tables', async () => {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      from: text,
      to: text,
      'old-key': text,
      'new-key': text,
      only: text,
      state: { ...text, default: 'copy-state.json' },
    },
  });
  const [from, to, oldKey, newKey] = ['from', 'to', 'old-key', 'new-key'].map((name) =>
    values[name]?.replace(/\/$/, ''),
  );
  if (!from || !to || from === to) throw new Stop('--from and --to take the addresses of two accounts.');
  if ((oldKey === undefined) !== (newKey === undefined)) throw new Stop('--old-key and --new-key go together.');
  loadEnvironment();
  signedInAccount();
  const token = tokensFor('https://storage.azure.com/');
  await voidEverything({ account: to, token });
  if (oldKey !== undefined) {
    await moveSecret({ from, to, oldKey, newKey, token, vaultToken: tokensFor('https://vault.azure.net') });
    say('The secret of the deployment is wrapped by the new key.');
  } else
    say('Without --old-key and --new-key the new deployment makes a secret of its own: every `sub` will be another.');
  const report = (table, rows) => say(`  ${table}: ${rows} rows`);
  const counts = await copyTables({ from, to, token, only: values.only?.split(','), stateFile: values.state, report });
  await voidEverything({ account: to, token });
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  say(
    `${all} rows copied. Everything that was issued is void: services keep their registration, people approve again.`,
  );
});
