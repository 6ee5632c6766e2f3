/**
 * Stands in for `az` and `azd` in the tests of the hooks. Its world is the JSON file named by STAND_IN_WORLD: what exists,
 * what this account may not do, whether there is a network. Every call is recorded there, and changes it.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [command, ...words] = process.argv.slice(2);
const file = process.env.STAND_IN_WORLD;
const world = JSON.parse(readFileSync(file, 'utf8'));
const line = [command, ...words].join(' ');
world.calls.push(line);

class Failure extends Error {}

const option = (name) => {
  const at = words.indexOf(name);
  return at === -1 ? undefined : words[at + 1];
};

/** Values after an option that takes several. */
const options = (name) => {
  const rest = words.slice(words.indexOf(name) + 1);
  const end = rest.findIndex((word) => word.startsWith('--'));
  return end === -1 ? rest : rest.slice(0, end);
};

const fromFile = (name) => JSON.parse(readFileSync(option(name).slice(1), 'utf8'));

const appOrFail = () => {
  const app = world.apps.find((each) => each.appId === option('--id'));
  if (app === undefined)
    throw new Failure(`Resource '${option('--id')}' does not exist or one of its queried references`);
  return app;
};

const accountShow = () => {
  const account = world.accounts.find((each) => each.id === (option('--subscription') ?? world.currentSubscription));
  if (account === undefined) throw new Failure("Please run 'az login' to setup account.");
  return account;
};

const createApp = () => {
  const app = {
    appId: `app-${world.apps.length + 1}`,
    displayName: option('--display-name'),
    appRoles: fromFile('--app-roles'),
    web: { redirectUris: [] },
    credentials: [],
  };
  world.apps.push(app);
  return app;
};

const showPrincipal = () => {
  if (!world.principals.includes(option('--id'))) throw new Failure(`Resource '${option('--id')}' does not exist`);
  return { appId: option('--id') };
};

const updateCredential = () => {
  const app = appOrFail();
  const at = app.credentials.findIndex((each) => each.id === option('--federated-credential-id'));
  app.credentials[at] = { ...app.credentials[at], ...fromFile('--parameters') };
};

const recover = () => {
  world.deletedVaults = world.deletedVaults.filter((each) => each.name !== option('--name'));
};

const removeRole = () => {
  if (world.assignments.length > 0) throw new Failure('RoleDefinitionHasAssignments');
  world.roles = [];
};

const updateApp = () => {
  const app = appOrFail();
  if (words.includes('--web-redirect-uris')) app.web.redirectUris = options('--web-redirect-uris');
  if (words.includes('--optional-claims')) app.optionalClaims = fromFile('--optional-claims');
};

const removeAssignments = () => {
  world.assignments = [];
};

const setValue = () => {
  world.values[words[2]] = words[3];
};

/** Words that a call starts with -> what it does. */
const answers = {
  'az account show': accountShow,
  'az account get-access-token': () => ({ accessToken: world.storageToken }),
  'az ad app list': () => world.apps.filter((each) => each.displayName.startsWith(option('--display-name'))),
  'az ad app create': createApp,
  'az ad app show': appOrFail,
  'az ad app update': updateApp,
  'az ad app federated-credential list': () => appOrFail().credentials,
  'az ad app federated-credential create': () =>
    void appOrFail().credentials.push({ id: 'credential-1', ...fromFile('--parameters') }),
  'az ad app federated-credential update': updateCredential,
  'az ad sp show': showPrincipal,
  'az ad sp create': () => void world.principals.push(option('--id')),
  'az group create': () => ({ name: option('--name') }),
  'az keyvault list-deleted': () => world.deletedVaults,
  'az keyvault recover': recover,
  'az provider register': () => undefined,
  'az role assignment list': () => world.assignments,
  'az role assignment delete': removeAssignments,
  'az role definition list': () => world.roles,
  'az role definition delete': removeRole,
  'azd env set': setValue,
  'azd env get-values': () => world.values,
};

const answer = () => {
  if (command === 'az' && world.offline)
    throw new Failure('Failed to establish a new connection: Name resolution failed');
  const denied = world.denied.find((each) => line.startsWith(each));
  if (denied !== undefined) throw new Failure('Insufficient privileges to complete the operation.');
  const failing = world.failing.find((each) => line.startsWith(each));
  if (failing !== undefined) throw new Failure('Something broke on the way.');
  const known = Object.keys(answers).find((each) => line.startsWith(each));
  if (known === undefined) throw new Failure(`the stand-in does not know: ${line}`);
  return answers[known]();
};

try {
  const result = answer();
  if (result !== undefined) process.stdout.write(JSON.stringify(result));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`ERROR: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  writeFileSync(file, JSON.stringify(world));
}
