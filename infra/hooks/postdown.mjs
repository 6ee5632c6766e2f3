/** After the resources are gone: remove what lives outside their group, and say what stays on purpose. */
import { signedInAccount } from './lib/account.mjs';
import { orAskAdministrator, removalCommands, removeTrust } from './lib/entra.mjs';
import { az, hook, known, NotAllowed, remember, required, Stop, say } from './lib/shell.mjs';
import { deletedVaults } from './lib/vault.mjs';

await hook('postdown', () => {
  signedInAccount();
  removeKeyRole(known('KEY_ROLE_TO_REMOVE'));
  remember('ASSENT_ROLES_SETTLED_FOR', '');
  application(known('ENTRA_CLIENT_ID'));
  vaults();
});

function application(clientId) {
  if (clientId === undefined) return;
  const redirectUris = (known('REDIRECT_URIS_TO_REMOVE') ?? '').split(',').filter((uri) => uri !== '');
  const remove = () => removeTrust(clientId, { redirectUris, subject: known('CREDENTIAL_TO_REMOVE') });
  orAskAdministrator(remove, removalCommands(clientId));
  say(
    `The Entra application ${clientId} stays, and the next "azd up" uses it again. To remove it as well:`,
    `  az ad app delete --id ${clientId}`,
    "  azd env set ENTRA_CLIENT_ID ''",
  );
}

/** What became of the keys: "azd down" asks whether to purge, "azd down --purge" does so unless the vault forbids it. */
function vaults() {
  const place = { resourceGroup: `rg-${required('AZURE_ENV_NAME')}`, location: required('AZURE_LOCATION') };
  const deleted = deletedVaults(place);
  if (deleted === undefined)
    say('Your account may not list deleted vaults, so nobody knows here whether it was purged.');
  else if (deleted.length === 0)
    say(
      'No deleted vault of this environment is left: if there was one, it was purged, and its keys are gone for good.',
    );
  for (const { name, scheduledPurgeDate } of deleted ?? [])
    say(
      `The vault ${name} is kept deleted until ${scheduledPurgeDate ?? 'its time ends'}; until then the next "azd up" of`,
      'this environment and region recovers it with its keys.',
    );
}

function removeKeyRole(name) {
  if (name === undefined) return;
  const scope = ['--scope', `/subscriptions/${required('AZURE_SUBSCRIPTION_ID')}`];
  try {
    const [role] = az('role', 'definition', 'list', '--name', name, '--custom-role-only', 'true', ...scope) ?? [];
    if (role === undefined) return;
    // A definition cannot go while an assignment names it, and assignments can outlive what they were on.
    const left = az('role', 'assignment', 'list', '--all', '--role', role.name) ?? [];
    if (left.length > 0) az('role', 'assignment', 'delete', '--ids', ...left.map((each) => each.id));
    az('role', 'definition', 'delete', '--name', role.name, '--custom-role-only', 'true', ...scope);
    say(`Removed the role "${name}".`);
  } catch (error) {
    if (!(error instanceof NotAllowed || error instanceof Stop)) throw error;
    say(
      `The role "${name}" could not be removed: ${error.message}`,
      'It blocks nothing: the next "azd up" uses it again.',
    );
  }
}
