/** The Entra application that users sign in through: found or registered, never with a secret. */
import { az, azMaybe, NotAllowed, required, Stop, say, withJsonFile } from './shell.mjs';

const credentialName = 'assent-sign-in';

/** Names the deployment, so that a second run, also from another machine, finds what the first one registered. */
const applicationName = () => `Assent ${required('AZURE_ENV_NAME')} (${required('AZURE_SUBSCRIPTION_ID').slice(0, 8)})`;

/** The role that makes a user an operator; OPERATOR_ROLE of the server has the same default. */
const operatorRole = {
  allowedMemberTypes: ['User'],
  description: 'May register, change and delete services in Assent.',
  displayName: 'Operator',
  id: '8d3d6d64-7a3b-4a54-9c0e-0d8f9a5f7c21',
  isEnabled: true,
  value: 'assent.operator',
};

/** Entra says when a person proved who they are only if it is asked to; prompt=login and max_age are judged by it. */
const authTimeClaim = { name: 'auth_time', essential: false };

/** Client id of an application registered by an earlier run or now. Throws NotAllowed. */
export const findOrRegister = () => {
  const name = applicationName();
  // The filter is "starts with": another environment's name may start with ours.
  const found = (az('ad', 'app', 'list', '--display-name', name) ?? []).filter((app) => app.displayName === name);
  if (found.length > 1)
    throw new Stop(
      `There are ${found.length} applications named "${name}": ${found.map((app) => app.appId).join(', ')}. ` +
        'Choose one: "azd env set ENTRA_CLIENT_ID <its client id>".',
    );
  const clientId = found[0]?.appId ?? register(name);
  ensurePrincipal(clientId);
  return clientId;
};

const register = (name) => {
  say(`Registering the Entra application "${name}".`);
  const app = withJsonFile([operatorRole], (file) =>
    az('ad', 'app', 'create', '--display-name', name, '--sign-in-audience', 'AzureADMyOrg', '--app-roles', file),
  );
  return app.appId;
};

/** Without a service principal nobody of the tenant can sign in; a run that was interrupted may have left it out. */
const ensurePrincipal = (clientId) => {
  if (azMaybe('ad', 'sp', 'show', '--id', clientId) === undefined) az('ad', 'sp', 'create', '--id', clientId);
};

/** Throws Stop unless the application that the operator named is in this tenant; NotAllowed when that cannot be seen. */
export const checkApplication = (clientId) => {
  if (azMaybe('ad', 'app', 'show', '--id', clientId) === undefined)
    throw new Stop(
      `There is no application ${clientId} in this tenant. Name another ("azd env set ENTRA_CLIENT_ID <client id>") ` +
        'or let this hook register one ("azd env set ENTRA_CLIENT_ID \'\'").',
    );
};

/** What Entra must know of the deployment: where users come back to, and whose token stands for a secret. */
export const trustOf = ({ issuer, tenantId, principalId, audience }) => ({
  redirectUri: `${issuer}/sign-in/callback`,
  credential: {
    name: credentialName,
    issuer: `${audience.authority}${tenantId}/v2.0`,
    subject: principalId,
    audiences: [audience.name],
    description: "Assent's sign-in identity",
  },
});

/** Makes the application trust the deployment; says what it changed. Throws NotAllowed. */
export const ensureTrust = (clientId, { redirectUri, credential }) => {
  const app = az('ad', 'app', 'show', '--id', clientId);
  const uris = app.web?.redirectUris ?? [];
  if (!uris.includes(redirectUri)) {
    say(`Adding the redirect URI ${redirectUri}.`);
    az('ad', 'app', 'update', '--id', clientId, '--web-redirect-uris', ...uris, redirectUri);
  }
  ensureAuthTime(app);
  const listed = az('ad', 'app', 'federated-credential', 'list', '--id', clientId) ?? [];
  const present = listed.find((each) => each.name === credential.name);
  if (present !== undefined && isSame(present, credential)) return;
  say('Letting the sign-in identity stand for a client secret (federated credential).');
  withJsonFile(credential, (file) =>
    present === undefined
      ? az('ad', 'app', 'federated-credential', 'create', '--id', clientId, '--parameters', file)
      : az(
          'ad',
          'app',
          'federated-credential',
          'update',
          '--id',
          clientId,
          ...credentialId(present),
          '--parameters',
          file,
        ),
  );
};

const ensureAuthTime = ({ appId, optionalClaims }) => {
  const idToken = optionalClaims?.idToken ?? [];
  if (idToken.some(({ name }) => name === authTimeClaim.name)) return;
  say('Asking for auth_time in ID tokens.');
  withJsonFile({ ...optionalClaims, idToken: [...idToken, authTimeClaim] }, (file) =>
    az('ad', 'app', 'update', '--id', appId, '--optional-claims', file),
  );
};

const credentialId = (present) => ['--federated-credential-id', present.id ?? present.name];

const isSame = (a, b) =>
  a.issuer === b.issuer && a.subject === b.subject && JSON.stringify(a.audiences) === JSON.stringify(b.audiences);

/** Runs `attempt`; when this account lacks the right, prints what an administrator should run, and goes on. */
export const orAskAdministrator = (attempt, commands) => {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say(
      '',
      'Your account may not change applications in this directory. Everything else goes on; until this is done nobody',
      'can sign in. Ask an administrator of the directory (Application Developer is enough) to run:',
      '',
      ...commands.map((line) => `  ${line}`),
      '',
    );
    return undefined;
  }
};

export const registrationCommands = () => [
  `az ad app create --display-name "${applicationName()}" --sign-in-audience AzureADMyOrg --query appId --output tsv`,
  'az ad sp create --id <the client id that was printed>',
  '# then you:  azd env set ENTRA_CLIENT_ID <the client id>   and   azd provision',
];

export const trustCommands = (clientId, { redirectUri, credential }) => [
  `az ad app update --id ${clientId} --web-redirect-uris ${redirectUri}`,
  `az ad app update --id ${clientId} --optional-claims '${JSON.stringify({ idToken: [authTimeClaim] })}'`,
  `az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify(credential)}'`,
];
