/** After resources are created: Entra trusts the deployment, the first operator is fixed, rights have reached everyone. */
import { signedInAccount } from './lib/account.mjs';
import { ensureTrust, orAskAdministrator, trustCommands, trustOf } from './lib/entra.mjs';
import { hook, known, remember, required, say, sleep } from './lib/shell.mjs';

await hook('postprovision', async () => {
  signedInAccount();
  trust();
  // Whoever provisions next must not become the operator in place of whoever came first.
  if (known('OPERATORS') === undefined) remember('OPERATORS', required('ASSENT_OPERATORS'));
  // azd forgets a template's outputs when it takes the deployment down, and postdown needs this one.
  const role = known('ASSENT_KEY_ROLE_NAME');
  if (role !== undefined && role !== known('KEY_ROLE_TO_REMOVE')) remember('KEY_ROLE_TO_REMOVE', role);
  rememberTrust();
  await rolesHaveSettled();
});

function trust() {
  const clientId = known('ENTRA_CLIENT_ID');
  if (clientId === undefined) {
    say('No Entra application yet: nobody can sign in. See what preprovision asked for.');
    return;
  }
  const wanted = trustOf({
    issuer: required('ASSENT_ISSUER'),
    tenantId: required('AZURE_TENANT_ID'),
    principalId: required('ASSENT_SIGN_IN_PRINCIPAL_ID'),
    audience: { authority: required('ASSENT_SIGN_IN_AUTHORITY'), name: required('ASSENT_SIGN_IN_AUDIENCE') },
  });
  orAskAdministrator(() => ensureTrust(clientId, wanted), trustCommands(clientId, wanted));
}

/** All that Entra was told of this deployment, addresses of before a custom domain as well. */
function rememberTrust() {
  const uris = new Set((known('REDIRECT_URIS_TO_REMOVE') ?? '').split(',').filter((uri) => uri !== ''));
  const before = uris.size;
  uris.add(`${required('ASSENT_ISSUER')}/sign-in/callback`);
  if (uris.size > before) remember('REDIRECT_URIS_TO_REMOVE', [...uris].join(','));
  const principal = required('ASSENT_SIGN_IN_PRINCIPAL_ID');
  if (known('CREDENTIAL_TO_REMOVE') !== principal) remember('CREDENTIAL_TO_REMOVE', principal);
}

/** A new role assignment takes minutes to reach storage; deploying before that is refused with 403. */
async function rolesHaveSettled() {
  // The identity is a new one after every `azd down`, so it tells a first provision from a repeated one.
  const mark = required('ASSENT_SIGN_IN_PRINCIPAL_ID');
  if (known('ASSENT_ROLES_SETTLED_FOR') === mark) return;
  const seconds = Number(known('ROLE_PROPAGATION_SECONDS') ?? 120);
  say(`First provision: waiting ${seconds} seconds for the new role assignments to reach storage and vault.`);
  await sleep(seconds);
  remember('ASSENT_ROLES_SETTLED_FOR', mark);
  say('If the deployment that follows is refused all the same (403), wait a few minutes and run "azd deploy".');
}
