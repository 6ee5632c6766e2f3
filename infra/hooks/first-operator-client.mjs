/**
 * Writes a client that may use the admin API, to register the first services with:
 *
 *   node infra/hooks/first-operator-client.mjs [--hours 24]
 *
 * Its secret is printed once and stored nowhere; the client ends by itself.
 */
import { parseArgs } from 'node:util';
import { signedInAccount } from './lib/account.mjs';
import { newOperatorClient } from './lib/client-row.mjs';
import { writeClient } from './lib/clients-table.mjs';
import { hook, known, loadEnvironment, required, Stop, say } from './lib/shell.mjs';

await hook('first-operator-client', async () => {
  const { values } = parseArgs({ options: { hours: { type: 'string', default: '24' } } });
  const hours = Number(values.hours);
  if (!(hours > 0 && hours <= 24 * 90)) throw new Stop('--hours takes a number up to 2160 (90 days).');
  loadEnvironment();
  signedInAccount();
  if (known('ASSENT_PRIVATE_NETWORKING') === 'true')
    say('The tables have no public address: this works only on a machine inside the virtual network.');
  const client = newOperatorClient({ name: 'First operator', lifetimeSeconds: Math.round(hours * 3600) });
  await writeClient(client.row, 0);
  explain(client, required('ASSENT_ISSUER'));
});

function explain({ clientId, secret, expiresAt }, issuer) {
  say(
    '',
    `Operator client, valid until ${new Date(expiresAt * 1000).toISOString()}. The secret is shown this once:`,
    '',
    `  client_id      ${clientId}`,
    `  client_secret  ${secret}`,
    '',
    'Get a token, and register a service with it:',
    '',
    `  curl -u '${clientId}:${secret}' ${issuer}/token \\`,
    '    -d grant_type=client_credentials -d scope=assent.admin',
    `  curl ${issuer}/api/admin/apps -H 'authorization: Bearer <access_token>' -H 'content-type: application/json' \\`,
    '    -d \'{"client_name":"My service","redirect_uris":["https://service.example/callback"],"scope":"vso.work"}\'',
    '',
  );
}
