/** The Entra application that users sign in through: found or registered, never with a secret. */
import { caller } from './account.mjs';
import { administrationBodies, ensureAdministration } from './administration.mjs';
import { sendToGraph } from './graph.mjs';
import { az, azMaybe, NotAllowed, required, Stop, say, withJsonFile } from './shell.mjs';

/** What people see in the directory; nothing goes by it, since anybody may register a second one of that name. */
const applicationName = () => `Assent ${required('AZURE_ENV_NAME')} (${required('AZURE_SUBSCRIPTION_ID').slice(0, 8)})`;

/** Registration writes it, so that a second run finds what the first one registered. */
const applicationTag = () => `assent:${required('AZURE_SUBSCRIPTION_ID')}:${required('AZURE_ENV_NAME')}`;

/** One per deployment: several may sign their users in through one application. */
const credentialName = () =>
  `assent-${required('AZURE_SUBSCRIPTION_ID').slice(0, 8)}-${required('AZURE_ENV_NAME').replaceAll(/[^\w-]/g, '-')}`;

/** The roles that make a user an operator or an auditor; OPERATOR_ROLE and AUDITOR_ROLE of the server have the same defaults. */
const appRoles = [
  {
    allowedMemberTypes: ['User'],
    description: 'May register, change and delete services in Assent, and rules who may ask for what.',
    displayName: 'Operator',
    id: '8d3d6d64-7a3b-4a54-9c0e-0d8f9a5f7c21',
    isEnabled: true,
    value: 'Assent.Operator',
  },
  {
    allowedMemberTypes: ['User'],
    description: 'May read in Assent what operators may change.',
    displayName: 'Auditor',
    id: 'c1b5a3f0-52c7-4b0e-8f43-2f6f1d1f6a9e',
    isEnabled: true,
    value: 'Assent.Auditor',
  },
];

/**
 * What Entra says only if it is asked to: when a person proved who they are, by which prompt=login and max_age are judged, and the
 * parts of their name, for services that may know it.
 */
const optionalClaims = ['auth_time', 'family_name', 'given_name', 'xms_edov'].map((name) => ({
  name,
  essential: false,
}));

/** Client id of an application registered by an earlier run or now. Throws NotAllowed, or Stop where it is not ours. */
export const findOrRegister = () => {
  const found = az('ad', 'app', 'list', '--filter', `tags/any(t:t eq '${applicationTag()}')`) ?? [];
  if (found.length > 1) throw new Stop(notOurs(found));
  if (found[0] !== undefined && !isOwner(found[0].appId)) throw new Stop(notOurs(found));
  const clientId = found[0]?.appId ?? register();
  ensurePrincipal(clientId);
  return clientId;
};

/** Whoever may register applications may write that tag as well, and would sign our users in. */
const isOwner = (clientId) => {
  const { id: us } = caller();
  return (az('ad', 'app', 'owner', 'list', '--id', clientId) ?? []).some(({ id }) => id === us);
};

const notOurs = (found) =>
  `These applications say that they belong to this deployment, but your account does not own exactly one of them: ${found
    .map(({ appId }) => appId)
    .join(', ')}. Find out who made them, then choose: "azd env set ENTRA_CLIENT_ID <client id>".`;

/** One request, so that there is never an application without its tag. */
const register = () => {
  const application = {
    displayName: applicationName(),
    signInAudience: 'AzureADMyOrg',
    appRoles,
    tags: [applicationTag()],
  };
  say(`Registering the Entra application "${application.displayName}".`);
  return sendToGraph('post', '/applications', application).appId;
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
    name: credentialName(),
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
  ensureRoles(app);
  ensureOptionalClaims(app);
  ensureAdministration(app);
  ensureCredential(clientId, credential);
};

const credentials = (clientId) => az('ad', 'app', 'federated-credential', 'list', '--id', clientId) ?? [];

/** By subject first: Entra refuses the same issuer and subject twice, whatever the names. */
const ensureCredential = (clientId, credential) => {
  const listed = credentials(clientId);
  const present =
    listed.find((each) => each.issuer === credential.issuer && each.subject === credential.subject) ??
    listed.find((each) => each.name === credential.name);
  if (present !== undefined && isSame(present, credential)) return;
  say('Letting the sign-in identity stand for a client secret (federated credential).');
  const wanted = { ...credential, name: present?.name ?? credential.name };
  const [verb, ...id] = present === undefined ? ['create'] : ['update', ...credentialId(present)];
  withJsonFile(wanted, (file) =>
    az('ad', 'app', 'federated-credential', verb, '--id', clientId, ...id, '--parameters', file),
  );
};

/** Takes back what `ensureTrust` gave: these redirect URIs and the deployment's credential. Throws NotAllowed. */
export const removeTrust = (clientId, { redirectUris, subject }) => {
  const app = azMaybe('ad', 'app', 'show', '--id', clientId);
  if (app === undefined) return;
  const listed = credentials(clientId);
  const ours = listed.filter((each) => each.subject === subject || each.name === credentialName());
  removeRedirects(app, isMoved(listed, ours) ? redirectUris.filter(isOfPlatform) : redirectUris);
  for (const each of ours) {
    say(`Removing the federated credential ${each.name}.`);
    az('ad', 'app', 'federated-credential', 'delete', '--id', clientId, ...credentialId(each));
  }
};

/** Another deployment signs in through the application: a custom domain may lead there by now, as after the loss of a region. */
const isMoved = (listed, ours) => listed.some((each) => each.name.startsWith('assent-') && !ours.includes(each));

/** Host names that Azure gives: in the public cloud, for the US government, and in China. */
const isOfPlatform = (uri) => /\.(azurewebsites\.(net|us)|chinacloudsites\.cn)$/.test(new URL(uri).hostname);

const removeRedirects = (app, redirectUris) => {
  const before = app.web?.redirectUris ?? [];
  const gone = before.filter((uri) => redirectUris.includes(uri));
  if (gone.length === 0) return;
  say(`Removing ${gone.join(', ')}: whoever gets that host name next must not get our users' codes.`);
  const left = before.filter((uri) => !gone.includes(uri));
  sendToGraph('patch', `/applications/${app.id}`, { web: { redirectUris: left } });
};

const ensureOptionalClaims = ({ appId, optionalClaims: before }) => {
  const idToken = before?.idToken ?? [];
  const missing = optionalClaims.filter((claim) => !idToken.some(({ name }) => name === claim.name));
  if (missing.length === 0) return;
  say(`Asking for ${missing.map(({ name }) => name).join(', ')} in ID tokens.`);
  withJsonFile({ ...before, idToken: [...idToken, ...missing] }, (file) =>
    az('ad', 'app', 'update', '--id', appId, '--optional-claims', file),
  );
};

/** A role of the same name in other letters stays as it is: people have been given it, and the server takes it. */
const ensureRoles = ({ appId, appRoles: before }) => {
  const present = before ?? [];
  const isThere = (role) =>
    present.some(({ id, value }) => id === role.id || value?.toLowerCase() === role.value.toLowerCase());
  const missing = appRoles.filter((role) => !isThere(role));
  if (missing.length === 0) return;
  say(`Adding the application roles ${missing.map(({ value }) => value).join(' and ')}.`);
  withJsonFile([...present, ...missing], (file) => az('ad', 'app', 'update', '--id', appId, '--app-roles', file));
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

export const removalCommands = (clientId) => [
  `az ad app federated-credential delete --id ${clientId} --federated-credential-id ${credentialName()}`,
  `# and take this deployment's redirect URIs off the application ${clientId}`,
];

export const registrationCommands = () => [
  `az ad app create --display-name "${applicationName()}" --sign-in-audience AzureADMyOrg --query appId --output tsv`,
  'az ad sp create --id <the client id that was printed>',
  '# then you:  azd env set ENTRA_CLIENT_ID <the client id>   and   azd provision',
];

export const trustCommands = (clientId, { redirectUri, credential }) => [
  `az ad app update --id ${clientId} --web-redirect-uris ${redirectUri}`,
  `az ad app update --id ${clientId} --app-roles '${JSON.stringify(appRoles)}'`,
  `az ad app update --id ${clientId} --optional-claims '${JSON.stringify({ idToken: optionalClaims })}'`,
  `az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify(credential)}'`,
  '# and, for operators who administer with the Azure CLI:',
  ...administrationBodies(clientId).map(
    (body) =>
      `az rest --method patch --url "https://graph.microsoft.com/v1.0/applications(appId='${clientId}')" ` +
      `--headers Content-Type=application/json --body '${JSON.stringify(body)}'`,
  ),
];
