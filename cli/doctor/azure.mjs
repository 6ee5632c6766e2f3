/** Checks that take the Azure CLI, signed in to the tenant of the deployment: what the directory and the platform say. */

const finding = (problem, remedy) => ({ problem, remedy });
const provision = '"azd provision" puts it right, or prints what an administrator of the directory has to run.';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const administration = 'Admin.Manage';

const application = {
  name: 'application',
  asks: 'does the Entra application know this deployment',
  run: async ({ issuer, deployment, application: read }) => {
    const [app, { settings }] = [await read(), await deployment()];
    const callback = `${issuer}/sign-in/callback`;
    const values = (app.appRoles ?? [])
      .filter(({ isEnabled }) => isEnabled !== false)
      .map(({ value }) => value?.toLowerCase());
    const roles = [settings.OPERATOR_ROLE ?? 'Assent.Operator', settings.AUDITOR_ROLE ?? 'Assent.Auditor'];
    return [
      ...(app.web?.redirectUris?.includes(callback)
        ? []
        : [finding(`The redirect URI ${callback} is missing: nobody can sign in.`, provision)]),
      ...roles
        .filter((role) => !values.includes(role.toLowerCase()))
        .map((role) => finding(`The role ${role} is missing: nobody can have it.`, provision)),
      ...(app.optionalClaims?.idToken?.some(({ name }) => name === 'auth_time')
        ? []
        : [finding('ID tokens do not say auth_time: prompt=login and max_age cannot be met.', provision)]),
      ...administrationFindings(app),
    ];
  },
};

const administrationFindings = ({ api }) => {
  const scope = api?.oauth2PermissionScopes?.find(
    ({ value, isEnabled }) => value === administration && isEnabled !== false,
  );
  if (scope === undefined)
    return [finding(`It does not expose ${administration}: nobody can administer with "az".`, provision)];
  const isAllowed = api.preAuthorizedApplications?.some(
    ({ appId, delegatedPermissionIds: ids = [] }) => appId === azureCli && ids.includes(scope.id),
  );
  return [
    ...(isAllowed === true
      ? []
      : [finding(`The Azure CLI may not ask for ${administration} without consent.`, provision)]),
    ...(api.requestedAccessTokenVersion === 2
      ? []
      : [
          finding(
            'Its access tokens are of version 1, which Assent does not take.',
            'Set requestedAccessTokenVersion to 2 in its manifest.',
          ),
        ]),
  ];
};

const federation = {
  name: 'federated credential',
  asks: 'does the application take the sign-in identity’s token for a secret',
  run: async ({ deployment, credentials, identity }) => {
    const { settings } = await deployment();
    const [listed, { id: subject }] = [await credentials(), await identity()];
    const audience = (settings.SIGN_IN_ASSERTION_SCOPE ?? 'api://AzureADTokenExchange/.default').replace(
      /\/\.default$/,
      '',
    );
    const ofIdentity = listed.filter((one) => one.subject === subject);
    if (ofIdentity.length === 0)
      return [
        finding(
          `No credential is for the sign-in identity (subject ${subject}): no sign-in can be completed.`,
          provision,
        ),
      ];
    const isWhole = ofIdentity.some(
      (one) => one.issuer === settings.SIGN_IN_ISSUER && one.audiences?.includes(audience),
    );
    return isWhole
      ? []
      : [
          finding(
            `The credential ${ofIdentity[0].name} has another issuer or audience than ${settings.SIGN_IN_ISSUER} and ${audience}.`,
            provision,
          ),
        ];
  },
};

const appSettings = {
  name: 'settings in Azure',
  asks: 'has the app exactly the settings of the template',
  run: async ({ appSettings: read, template }) => {
    const set = await read();
    if (set === undefined) return { findings: [], skipped: 'this account sees no Functions app at that address' };
    const { fixed, given, tunable } = await template();
    const known = [...Object.keys(fixed), ...given, ...tunable];
    const named = (names) => names.join(', ');
    const missing = known.filter((name) => !(name in set));
    const unknown = Object.keys(set).filter((name) => !known.includes(name));
    const changed = Object.entries(fixed).filter(([name, value]) => name in set && set[name] !== value);
    return [
      ...(missing.length === 0
        ? []
        : [finding(`Missing: ${named(missing)}.`, '"azd provision" with this checkout sets them.')]),
      ...(unknown.length === 0
        ? []
        : [
            finding(
              `Not of the template: ${named(unknown)}.`,
              'Set by hand? The next "azd provision" takes them away. Those that config.ts knows belong into SETTINGS: infra/README.md, Configure.',
            ),
          ]),
      ...changed.map(([name, value]) =>
        finding(`${name} is ${set[name]}; the template gives it ${value}.`, '"azd provision" puts it back.'),
      ),
    ];
  },
};

const vaultLimits = {
  name: 'vault limits',
  asks: 'did Key Vault refuse signatures in the last day because there were too many',
  run: async ({ throttled }) =>
    (await throttled())
      .filter(({ count }) => count > 0)
      .map(({ name, count }) =>
        finding(
          `The vault ${name} refused ${count} calls in the last day.`,
          'Another vault signs as many again: VAULT_COUNT; docs/scale.md.',
        ),
      ),
};

export const azureChecks = [application, federation, appSettings, vaultLimits];
