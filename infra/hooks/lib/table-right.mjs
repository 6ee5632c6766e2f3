/**
 * The deployer may write the tables `clients` and `audit` only while a hook does: whoever may write `clients` can make
 * operators, and the right of a pipeline that ended hours ago is nobody's need.
 */
import { caller } from './account.mjs';
import { az, known, NotAllowed, required, Stop, say } from './shell.mjs';

const role = 'Storage Table Data Contributor';
const tables = ['audit', 'clients'];

/** Gives the signed-in account the right, runs `use`, and takes back what it gave, whatever happens. */
export const withTableRight = async (use) => {
  const given = [];
  try {
    for (const table of tables) given.push(...give(table));
    return await use();
  } finally {
    takeBack(given);
  }
};

/** How long a right just given may take to arrive. */
export const propagationSeconds = () => Number(known('ROLE_PROPAGATION_SECONDS') ?? 300);

const subscription = () => ['--subscription', required('AZURE_SUBSCRIPTION_ID')];

const scopeOf = (table) => {
  const [account] = new URL(required('ASSENT_TABLES_URL')).hostname.split('.');
  const group = known('AZURE_RESOURCE_GROUP') ?? `rg-${required('AZURE_ENV_NAME')}`;
  return (
    `/subscriptions/${required('AZURE_SUBSCRIPTION_ID')}/resourceGroups/${group}/providers/Microsoft.Storage` +
    `/storageAccounts/${account}/tableServices/default/tables/${table}`
  );
};

/** Ids of what it gave: none where the account has the right already, which somebody meant it to keep. */
const give = (table) => {
  const scope = scopeOf(table);
  const { id, type } = caller();
  if (id === undefined) throw new Stop('The token of the Azure CLI does not say who is signed in: run "az login".');
  try {
    const ours = `[?principalId=='${id}' && roleDefinitionName=='${role}'].id`;
    const listing = ['--scope', scope, '--fill-principal-name', 'false', '--query', ours];
    if ((az('role', 'assignment', 'list', ...listing, ...subscription()) ?? []).length > 0) return [];
    const assignee = ['--assignee-object-id', id, ...(type === undefined ? [] : ['--assignee-principal-type', type])];
    const words = [...assignee, '--role', role, '--scope', scope];
    return [az('role', 'assignment', 'create', ...words, ...subscription()).id];
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say(`Your account may not give itself a right on the table ${table}; going on in case it has one.`);
    return [];
  }
};

const takeBack = (given) => {
  if (given.length === 0) return;
  try {
    az('role', 'assignment', 'delete', '--ids', ...given, ...subscription());
  } catch (error) {
    say(
      `WARNING: the right to write operators could not be taken back: ${error.message}`,
      `  az role assignment delete --ids ${given.join(' ')}`,
    );
  }
};
