/**
 * Provisioning replaces every setting, and a value that is not in the azd environment becomes its default. So what is
 * deployed is read first: an environment that was made anew, or a pipeline's, must not reset a running server.
 */
import { readFileSync } from 'node:fs';
import { tunableNames } from './settings.mjs';
import { az, known, NotAllowed, required, Stop, say, unattended } from './shell.mjs';

/** What app.bicep sets while there is no Entra application; src/config.ts knows it too. */
const noApplication = '00000000-0000-0000-0000-000000000000';

const parametersFile = new URL('../../main.parameters.json', import.meta.url);

/** Each value of the azd environment that the template takes, the parameter it sets and its default. */
const templateValues = () =>
  Object.entries(JSON.parse(readFileSync(parametersFile, 'utf8')).parameters).flatMap(([parameter, { value }]) => {
    const [, name, fallback = ''] = /^\$\{(\w+)(?:=(.*))?\}$/.exec(value) ?? [];
    return name === undefined || name.startsWith('AZURE_') ? [] : [{ name, parameter, fallback }];
  });

/** Throws Stop when what is deployed would lose a value, unless ALLOW_RESET names it. */
export const checkNothingIsLost = () => {
  const allowed = (known('ALLOW_RESET') ?? '').split(',').map((name) => name.trim());
  const deployed = { ...lastParameters(), ...appValues() };
  const lost = templateValues().filter(
    ({ name, fallback }) =>
      !allowed.includes(name) &&
      ![undefined, '', fallback, implied(name)].includes(deployed[name]) &&
      isUnsaid(name, fallback),
  );
  if (lost.length === 0) return;
  throw new Stop(
    [
      'This azd environment does not hold what is deployed, and provisioning would reset it. Nothing was changed.',
      ...(unattended() ? variablesToSet : commandsToRun)(lost.map(({ name }) => [name, deployed[name]])),
    ].join('\n'),
  );
};

const namesOf = (values) => values.map(([name]) => name).join(',');

const commandsToRun = (values) => [
  'Take it over:',
  ...values.map(([name, value]) => `  azd env set ${name} '${value}'`),
  `or, if you mean to reset it: azd env set ALLOW_RESET ${namesOf(values)}`,
];

/** A pipeline's environment is made anew for each run: what is set in it is gone with it. */
const variablesToSet = (values) => [
  'Set these variables of the pipeline (infra/README.md, Pipeline):',
  ...values.map(([name, value]) => `  ${name}: ${value}`),
  `or, if you mean to reset it, for one run: ALLOW_RESET: ${namesOf(values)}`,
];

/** postprovision makes OPERATORS of it; a run that broke before has not lost it. */
const implied = (name) => (name === 'OPERATORS' ? known('ASSENT_OPERATORS') : undefined);

/** A default that a person set is meant; a workflow sets it for every variable that is not there. */
const isUnsaid = (name, fallback) => known(name) === undefined || (unattended() && known(name) === fallback);

/** Throws Stop where nobody could answer: a pipeline must not become the operator, nor register an application. */
export const checkUnattended = () => {
  if (!unattended()) return;
  const missing = ['ENTRA_CLIENT_ID', 'OPERATORS'].filter((name) => known(name) === undefined);
  if (missing.length > 0)
    throw new Stop(`Without a terminal ${missing.join(' and ')} must be set: a variable of the pipeline.`);
};

/** What the running app is set to, by the names of the azd environment; nothing when there is no app yet. */
const appValues = () => {
  const app = deployedApp();
  if (app === undefined) return {};
  const words = ['--resource-group', app.resourceGroup, '--name', app.name];
  const listed = az('functionapp', 'config', 'appsettings', 'list', ...words, ...subscription()) ?? [];
  const settings = Object.fromEntries(listed.map(({ name, value }) => [name, value]));
  const issuer = URL.canParse(settings.ISSUER) ? new URL(settings.ISSUER).host : undefined;
  return {
    CUSTOM_DOMAIN: issuer === app.defaultHostName ? undefined : issuer,
    ENTRA_CLIENT_ID: settings.SIGN_IN_CLIENT_ID === noApplication ? undefined : settings.SIGN_IN_CLIENT_ID,
    SETTINGS: tunableNames.flatMap((name) => (settings[name] ? [`${name}=${settings[name]}`] : [])).join(','),
    ...Object.fromEntries(
      ['OPERATORS', 'RESOURCES', 'BRAND_NAME', 'BRAND_ACCENT', 'BRAND_LOGO', 'SIGNING_ALGORITHM'].map((name) => [
        name,
        settings[name],
      ]),
    ),
  };
};

const subscription = () => ['--subscription', required('AZURE_SUBSCRIPTION_ID')];

/** The app that azd deploys to: it has the service's tag (azure.yaml). */
const deployedApp = () => {
  try {
    const apps = az('functionapp', 'list', '--resource-group', `rg-${required('AZURE_ENV_NAME')}`, ...subscription());
    return apps?.find(({ tags }) => tags?.['azd-service-name'] === 'server');
  } catch (error) {
    if (error instanceof Stop && /could not be found|not ?found/i.test(error.message)) return undefined;
    throw error;
  }
};

const ofThisEnvironment = () =>
  `[?tags."azd-env-name"=='${required('AZURE_ENV_NAME')}' && properties.provisioningState=='Succeeded'].` +
  '{at: properties.timestamp, parameters: properties.parameters}';

/** What the last provision passed for settings that no part of the app shows, such as private networking. */
const lastParameters = () => {
  try {
    const listed = az('deployment', 'sub', 'list', '--query', ofThisEnvironment(), ...subscription()) ?? [];
    const [last] = listed.sort((a, b) => b.at.localeCompare(a.at));
    return Object.fromEntries(
      templateValues().map(({ name, parameter }) => [name, asText(last?.parameters?.[parameter]?.value)]),
    );
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    say(
      'Your account may not read earlier deployments: only the settings of the app are compared with this environment.',
    );
    return {};
  }
};

const asText = (value) => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
