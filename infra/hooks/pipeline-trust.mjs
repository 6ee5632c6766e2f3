/**
 * Narrows what `azd pipeline config` made: it lets every branch it knows and every pull request sign in to Azure, while only
 * the environment with reviewers should. Run it right after, and again after each run of `azd pipeline config`:
 *
 *   node infra/hooks/pipeline-trust.mjs --repository <owner>/<name> [--environment production]
 */
import { parseArgs } from 'node:util';
import { signedInAccount } from './lib/account.mjs';
import { az, azMaybe, hook, loadEnvironment, required, Stop, say, withJsonFile } from './lib/shell.mjs';

const issuer = 'https://token.actions.githubusercontent.com';

await hook('pipeline-trust', () => {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { repository: text, environment: { ...text, default: 'production' } } });
  if (!/^[\w.-]+\/[\w.-]+$/.test(values.repository ?? '')) throw new Stop('--repository takes <owner>/<name>.');
  loadEnvironment();
  signedInAccount();
  narrow(required('AZURE_PIPELINE_CLIENT_ID'), values);
});

function narrow(clientId, { repository, environment }) {
  if (azMaybe('ad', 'app', 'show', '--id', clientId) === undefined)
    throw new Stop(
      'The pipeline signs in as no Entra application: "azd pipeline config --auth-type federated" makes one.',
    );
  const subject = `repo:${repository}:environment:${environment}`;
  const listed = (az('ad', 'app', 'federated-credential', 'list', '--id', clientId) ?? []).filter(
    (each) => each.issuer === issuer,
  );
  if (!listed.some((each) => each.subject === subject)) trust(clientId, { repository, environment, subject });
  for (const each of listed.filter((one) => one.subject !== subject)) {
    say(`No longer trusting ${each.subject}.`);
    az('ad', 'app', 'federated-credential', 'delete', '--id', clientId, '--federated-credential-id', each.id);
  }
  say(
    `Only jobs of the environment "${environment}" of ${repository} can sign in now. Give it reviewers, and let it deploy`,
    `from main alone: https://github.com/${repository}/settings/environments`,
  );
}

function trust(clientId, { repository, environment, subject }) {
  say(`Trusting ${subject}.`);
  const name = `${repository}-environment-${environment}`.replaceAll(/[^\w-]/g, '-').slice(0, 120);
  const credential = { name, issuer, subject, audiences: ['api://AzureADTokenExchange'] };
  withJsonFile(credential, (file) =>
    az('ad', 'app', 'federated-credential', 'create', '--id', clientId, '--parameters', file),
  );
}
