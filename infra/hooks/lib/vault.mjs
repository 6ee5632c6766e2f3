/** A deleted vault keeps its name for 90 days; deploying again must bring it back, keys and all. */
import { az, known, NotAllowed, required, say } from './shell.mjs';

/** Recovers the vaults of an earlier deployment of this environment, where they lie deleted. */
export const recoverVaults = (place) => {
  const subscription = ['--subscription', required('AZURE_SUBSCRIPTION_ID')];
  const deleted = deletedVaults(place);
  if (deleted === undefined)
    say(
      'Your account may not list deleted vaults; if provisioning says that the vault name is taken, recover it by hand.',
    );
  if (deleted === undefined || deleted.length === 0) return;
  const { resourceGroup, location } = place;
  const tags = `azd-env-name=${required('AZURE_ENV_NAME')}`;
  az('group', 'create', '--name', resourceGroup, '--location', location, '--tags', tags, ...subscription);
  for (const vault of deleted) {
    say(`Recovering the deleted vault ${vault.name}, so that its name and its keys can be used again.`);
    az('keyvault', 'recover', '--name', vault.name, '--location', vault.location, ...subscription);
  }
};

/** Deleted vaults of this environment, each with `name`, `location` and `scheduledPurgeDate`; undefined when they cannot be listed. */
export const deletedVaults = (place) => {
  try {
    const words = ['--resource-type', 'vault', '--query', oursAlone];
    const listed = az('keyvault', 'list-deleted', ...words, '--subscription', required('AZURE_SUBSCRIPTION_ID')) ?? [];
    return listed
      .filter((each) => isOurs(each, place))
      .map(({ name, properties }) => ({
        name,
        location: plain(properties.location),
        scheduledPurgeDate: properties.scheduledPurgeDate,
      }));
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return undefined;
  }
};

/** Azure lists a subscription's deleted vaults whole; az lets through those whose name could be ours. */
const oursAlone = "[?starts_with(name, 'kv-')]";

/** Azure writes a region both ways: West Europe, westeurope. */
const plain = (region) => region.replaceAll(' ', '').toLowerCase();

const vaultRegions = () => (known('VAULT_REGIONS') ?? '').split(',').filter((region) => region.trim() !== '');

/** The name follows from subscription, environment and region; a vault of that group with our prefix is that vault. */
const isOurs = ({ name, properties }, { resourceGroup, location }) =>
  name.startsWith('kv-') &&
  [location, ...vaultRegions()].map(plain).includes(plain(properties.location)) &&
  properties.vaultId.toLowerCase().includes(`/resourcegroups/${resourceGroup.toLowerCase()}/`) &&
  properties.tags?.['azd-env-name'] === required('AZURE_ENV_NAME');
