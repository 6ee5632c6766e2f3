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

const graph = 'https://graph.example';

/** Creates an application, or changes one. */
const rest = () => {
  const body = fromFile('--body');
  if (option('--method') === 'post') return createApp(body);
  const app = world.apps.find((each) => `${graph}/v1.0/applications/${each.id}` === option('--url'));
  requireKnownPermissions(app, body.api);
  Object.assign(app, body);
};

/** As Entra: who is let do something with a permission must come after it. */
const requireKnownPermissions = (app, { preAuthorizedApplications = [] } = {}) => {
  const known = (app.api?.oauth2PermissionScopes ?? []).map(({ id }) => id);
  for (const { delegatedPermissionIds } of preAuthorizedApplications)
    if (!delegatedPermissionIds.every((id) => known.includes(id)))
      throw new Failure(
        'Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.',
      );
};

const createApp = (body) => {
  const number = world.apps.length + 1;
  const app = {
    appId: `app-${number}`,
    id: `object-${number}`,
    ...body,
    web: { redirectUris: [] },
    credentials: [],
    owners: [world.callerId],
  };
  world.apps.push(app);
  return app;
};

const taggedApps = () => {
  const tag = /^tags\/any\(t:t eq '(.*)'\)$/.exec(option('--filter'))?.[1];
  return world.apps.filter((each) => each.tags?.includes(tag));
};

const accessToken = () => {
  if (words.includes('--tenant')) throw new Failure("Tenant shouldn't be specified for Cloud Shell account");
  const claims = Buffer.from(JSON.stringify({ oid: world.callerId, idtyp: 'user' })).toString('base64url');
  if (words.includes('--scope')) return { accessToken: world.assentToken };
  const resource = option('--resource');
  if (resource?.includes('vault')) return { accessToken: world.vaultToken };
  return { accessToken: resource === undefined ? `header.${claims}.signature` : world.storageToken };
};

const createAssignment = () => {
  const assignment = {
    id: `assignment-${world.assignments.length + 1}`,
    principalId: option('--assignee-object-id'),
    scope: option('--scope'),
  };
  world.assignments.push(assignment);
  return assignment;
};

const listAssignments = () =>
  words.includes('--scope')
    ? world.assignments.filter((each) => each.scope === option('--scope')).map(({ id }) => id)
    : world.assignments;

const showPrincipal = () => {
  if (!world.principals.includes(option('--id'))) throw new Failure(`Resource '${option('--id')}' does not exist`);
  return { appId: option('--id'), id: world.objectIds[option('--id')] };
};

const updateCredential = () => {
  const app = appOrFail();
  const at = app.credentials.findIndex((each) => each.id === option('--federated-credential-id'));
  app.credentials[at] = { ...app.credentials[at], ...fromFile('--parameters') };
};

const listApps = () => {
  const group = option('--resource-group');
  if (group === undefined)
    return world.functionApps.filter(({ hostNames }) => option('--query').includes(`'${hostNames[0]}'`));
  if (world.functionApps.length === 0) throw new Failure(`Resource group '${group}' could not be found.`);
  return world.functionApps;
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
  if (words.includes('--app-roles')) app.appRoles = fromFile('--app-roles');
  if (words.includes('--optional-claims')) app.optionalClaims = fromFile('--optional-claims');
};

const removeAssignments = () => {
  world.assignments = world.assignments.filter(({ id }) => !options('--ids').includes(id));
};

const removeCredential = () => {
  const app = appOrFail();
  app.credentials = app.credentials.filter((each) => each.id !== option('--federated-credential-id'));
};

const createCredential = () => {
  const app = appOrFail();
  const credential = fromFile('--parameters');
  if (app.credentials.some(({ name, subject }) => name === credential.name || subject === credential.subject))
    throw new Failure('FederatedIdentityCredential with name or issuer and subject combination already exists.');
  app.credentials.push({ ...credential, id: `credential-${app.credentials.length + 1}` });
};

const setValue = () => {
  world.values[words[2]] = words[3];
};

/** Words that a call starts with -> what it does. */
const answers = {
  'az account show': accountShow,
  'az account get-access-token': accessToken,
  'az cloud show': () => `${graph}/`,
  'az rest': rest,
  'az ad app list': taggedApps,
  'az ad app owner list': () => appOrFail().owners.map((id) => ({ id })),
  'az ad app show': appOrFail,
  'az ad app update': updateApp,
  'az ad app federated-credential list': () => appOrFail().credentials,
  'az ad app federated-credential create': createCredential,
  'az ad app federated-credential delete': removeCredential,
  'az ad app federated-credential update': updateCredential,
  'az ad sp show': showPrincipal,
  'az ad sp create': () => void world.principals.push(option('--id')),
  'az deployment sub list': () => world.deployments,
  'az functionapp config appsettings list': () => world.appSettings,
  'az functionapp list': listApps,
  'az group create': () => ({ name: option('--name') }),
  'az keyvault list-deleted': () => world.deletedVaults,
  'az keyvault recover': recover,
  'az keyvault show': () => ({ id: `/vaults/${option('--name')}` }),
  'az monitor metrics list': () => ({
    value: [{ timeseries: [{ data: [{ count: null }, { count: world.throttled }] }] }],
  }),
  'az provider register': () => undefined,
  'az role assignment create': createAssignment,
  'az role assignment list': listAssignments,
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
