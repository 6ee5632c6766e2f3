/** A deleted vault keeps its name for 90 days; deploying again must bring it back, keys and all. */
import { az, NotAllowed, required, say } from './shell.mjs';

/** Recovers the vault of an earlier deployment of this environment, if one lies deleted. */
export const recoverVault = ({ resourceGroup, location }) => {
  const subscription = ['--subscription', required('AZURE_SUBSCRIPTION_ID')];
  const deleted = listDeleted(subscription).find((each) => isOurs(each, { resourceGroup, location }));
  if (deleted === undefined) return;
  say(`Recovering the deleted vault ${deleted.name}, so that its name and its keys can be used again.`);
  const tags = `azd-env-name=${required('AZURE_ENV_NAME')}`;
  az('group', 'create', '--name', resourceGroup, '--location', location, '--tags', tags, ...subscription);
  az('keyvault', 'recover', '--name', deleted.name, '--location', location, ...subscription);
};

const listDeleted = (subscription) => {
  try {
    return az('keyvault', 'list-deleted', '--resource-type', 'vault', ...subscription) ?? [];
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say(
      'Your account may not list deleted vaults; if provisioning says that the vault name is taken, recover it by hand.',
    );
    return [];
  }
};

/** The name follows from subscription, environment and region; a vault of that group with our prefix is that vault. */
const isOurs = ({ name, properties }, { resourceGroup, location }) =>
  name.startsWith('kv-') &&
  properties.location.replaceAll(' ', '').toLowerCase() === location.toLowerCase() &&
  properties.vaultId.toLowerCase().includes(`/resourcegroups/${resourceGroup.toLowerCase()}/`) &&
  properties.tags?.['azd-env-name'] === required('AZURE_ENV_NAME');
