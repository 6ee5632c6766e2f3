/** Before resources are created: is everything there, would anything be lost, who signs users in, is our vault deleted? */
import { signedInAccount } from './lib/account.mjs';
import { checkApplication, findOrRegister, orAskAdministrator, registrationCommands } from './lib/entra.mjs';
import { checkNothingIsLost, checkUnattended } from './lib/kept-settings.mjs';
import { checkSettings, settleResources } from './lib/settings.mjs';
import { az, hook, known, NotAllowed, remember, required, say } from './lib/shell.mjs';
import { checkTexts } from './lib/texts.mjs';
import { recoverVaults } from './lib/vault.mjs';

await hook('preprovision', () => {
  checkSettings(known('SETTINGS'));
  checkTexts();
  checkUnattended();
  signedInAccount();
  settleResources();
  checkNothingIsLost();
  application();
  recoverVaults({ resourceGroup: `rg-${required('AZURE_ENV_NAME')}`, location: required('AZURE_LOCATION') });
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
    // Registering goes on in the background: without --wait the deployment that follows comes too early.
    const words = ['--namespace', 'Microsoft.App', '--wait', '--subscription', required('AZURE_SUBSCRIPTION_ID')];
    az('provider', 'register', ...words);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say('Your account may not register the provider Microsoft.App; if provisioning fails for that, ask its owner to.');
  }
}
