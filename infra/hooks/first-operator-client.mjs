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
import { send } from './lib/requests.mjs';
import { hook, known, loadEnvironment, required, Stop, say } from './lib/shell.mjs';
import { propagationSeconds, withTableRight } from './lib/table-right.mjs';
import { writeClient } from './lib/tables.mjs';

const service = { client_name: 'My service', redirect_uris: ['https://service.example/callback'] };

await hook('first-operator-client', async () => {
  const { values } = parseArgs({ options: { hours: { type: 'string', default: '24' } } });
  const hours = Number(values.hours);
  if (!(hours > 0 && hours <= 24 * 90)) throw new Stop('--hours takes a number up to 2160 (90 days).');
  loadEnvironment();
  signedInAccount();
  if (known('ASSENT_PRIVATE_NETWORKING') === 'true')
    say('The tables have no public address: this works only on a machine inside the virtual network.');
  const client = newOperatorClient({ name: 'First operator', lifetimeSeconds: Math.round(hours * 3600) });
  await withTableRight(() => writeClient(client, propagationSeconds()));
  const issuer = required('ASSENT_ISSUER');
  explain(client, { issuer, scope: await someScope(issuer) });
});

/** A permission that services can ask for, as the running server says it (RFC 8414 §2); undefined while there is none. */
async function someScope(issuer) {
  try {
    const { scopes_supported: scopes = [] } = await (
      await send(`${issuer}/.well-known/oauth-authorization-server`)
    ).json();
    // Those of OpenID Connect are no API's.
    return scopes.find((scope) => !['openid', 'profile', 'email', 'offline_access'].includes(scope));
  } catch {
    return undefined;
  }
}

function explain({ clientId, secret, expiresAt }, { issuer, scope }) {
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
    `    -d '${JSON.stringify({ ...service, scope })}'`,
    '',
  );
  if (scope === undefined)
    say(
      'No API is configured yet, so this service can ask for nothing. Name one, then register with a "scope" of it:',
      '  azd env set RESOURCES \'[{"identifier":"https://api.example.com","name":"My API"}]\'   and   azd provision',
      '',
    );
}
