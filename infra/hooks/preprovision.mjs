/** Before resources are created: is everything there, who signs users in, and does a deleted vault hold our name? */
import { signedInAccount } from './lib/account.mjs';
import { checkApplication, findOrRegister, orAskAdministrator, registrationCommands } from './lib/entra.mjs';
import { checkSettings } from './lib/settings.mjs';
import { az, hook, known, NotAllowed, remember, required, say } from './lib/shell.mjs';
import { recoverVault } from './lib/vault.mjs';

await hook('preprovision', () => {
  checkSettings(known('SETTINGS'));
  signedInAccount();
  application();
  recoverVault({ resourceGroup: `rg-${required('AZURE_ENV_NAME')}`, location: required('AZURE_LOCATION') });
  if (known('PRIVATE_NETWORKING') === 'true') registerProvider();
});

function application() {
  const chosen = known('ENTRA_CLIENT_ID');
  if (chosen !== undefined) {
    orAskAdministrator(() => checkApplication(chosen), [`az ad app show --id ${chosen}`]);
    return;
  }
  const clientId = orAskAdministrator(findOrRegister, registrationCommands());
  if (clientId !== undefined) remember('ENTRA_CLIENT_ID', clientId);
}

/** The app's subnet is delegated to this provider; a subscription that never used it refuses the delegation. */
function registerProvider() {
  try {
    az('provider', 'register', '--namespace', 'Microsoft.App', '--subscription', required('AZURE_SUBSCRIPTION_ID'));
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say('Your account may not register the provider Microsoft.App; if provisioning fails for that, ask its owner to.');
  }
}
