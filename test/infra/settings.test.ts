import { describe, expect, it } from 'vitest';
import { readConfig, settingNames, unregisteredClientId } from '../../src/config.ts';
import { inCloud } from './bicep/functions.ts';
import { deploy, json, ofType, type Parameters, settingsOf } from './deployment.ts';

const everything: Parameters = {
  privateNetworking: true,
  alertEmail: 'ops@example.com',
  customKeyRole: true,
  hsmBackedKey: true,
  vaultAudit: true,
  zoneRedundant: true,
  geoRedundant: true,
  alwaysReadyInstances: 1,
  customDomain: 'id.example.com',
  vaultCount: 2,
  resourceLocks: true,
  mailDataLocation: 'Europe',
};

describe('settings', () => {
  const platform = Object.keys(json('platform-settings.json') as object);

  it('are exactly what config.ts reads and what the platform needs', () => {
    expect(Object.keys(settingsOf()).sort()).toEqual([...settingNames, ...platform].sort());
  });

  it('are accepted by config.ts', () => {
    const resolved = Object.entries(settingsOf()).map(([name, value]) => [name, resolve(value)]);
    const config = readConfig(Object.fromEntries(resolved));
    expect(config).toMatchObject({
      issuer: 'https://known.example',
      wrappingKey: 'https://vault.example/keys/assent-wrapping',
      signIn: { subjectClaim: 'oid', operators: ['33333333-3333-4333-8333-333333333333'] },
      lifetimes: { accessTokenSeconds: 600 },
    });
  });

  /** What only Azure knows, filled in. */
  const resolve = (value: string): string =>
    value.replace(/^<[^>]*vaultUri>/, 'https://vault.example/').replaceAll(/<[^>]*>/g, 'known.example');

  it('pass on what the operator sets', () => {
    const resources = [{ identifier: 'https://api.example.com', name: 'API' }];
    const parameters = {
      resourceServers: resources,
      operators: 'a,b',
      settings: 'CODE_SECONDS=30, REFRESH_GRACE_USES=0',
    };
    expect(settingsOf({ ...parameters, brandName: 'Contoso', entraClientId: 'client' })).toMatchObject({
      RESOURCES: JSON.stringify(resources),
      OPERATORS: 'a,b',
      CODE_SECONDS: '30',
      REFRESH_GRACE_USES: '0',
      BRAND_NAME: 'Contoso',
      SIGN_IN_CLIENT_ID: 'client',
    });
  });

  it('name the mail service that is made, or the one that the operator names, or none', () => {
    expect(settingsOf()).toMatchObject({ MAIL_ENDPOINT: '', MAIL_SENDER: '' });
    const own = { mailEndpoint: 'https://mail.example', mailSender: 'no-reply@contoso.example' };
    expect(settingsOf(own)).toMatchObject({ MAIL_ENDPOINT: own.mailEndpoint, MAIL_SENDER: own.mailSender });
    const made = settingsOf({ mailDataLocation: 'Europe' });
    expect(made.MAIL_ENDPOINT).toMatch(/^https:\/\/<.*communicationServices\/acs-.*hostName>$/);
    expect(made.MAIL_SENDER).toMatch(/^DoNotReply@<.*AzureManagedDomain.*fromSenderDomain>$/);
  });

  it('keep the host from answering for the app, and from copying a body that the app would refuse', () => {
    expect(settingsOf()).toMatchObject({ AzureWebJobsDisableHomepage: 'true' });
    const limit = Number(settingsOf().FUNCTIONS_REQUEST_BODY_SIZE_LIMIT);
    // Well over the app's own limit, which is answered properly; far under the host's 100 MB.
    expect(limit).toBeGreaterThan(8 * 65_536);
    expect(limit).toBeLessThanOrEqual(1024 * 1024);
  });

  it.each([
    ['AzureCloud', 'https://login.microsoftonline.com/', 'api://AzureADTokenExchange'],
    ['AzureUSGovernment', 'https://login.microsoftonline.us/', 'api://AzureADTokenExchangeUSGov'],
    ['AzureChinaCloud', 'https://login.partner.microsoftonline.cn/', 'api://AzureADTokenExchangeChina'],
  ] as const)('name the sign-in issuer of %s, to the app and to the hooks', (cloud, authority, audience) => {
    const [settings, { outputs }] = inCloud(cloud, () => [settingsOf(), deploy()] as const);
    expect(settings.SIGN_IN_ISSUER).toMatch(new RegExp(`^${authority}[0-9a-f-]{36}/v2.0$`));
    expect(settings.SIGN_IN_ASSERTION_SCOPE).toBe(`${audience}/.default`);
    expect(outputs).toMatchObject({ ASSENT_SIGN_IN_AUTHORITY: authority, ASSENT_SIGN_IN_AUDIENCE: audience });
  });

  it('hold none of the names that Flex Consumption refuses', () => {
    const refused = /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_|SCM_|ENABLE_ORYX_BUILD|TZ$)/;
    expect(Object.keys(settingsOf()).filter((name) => refused.test(name))).toEqual([]);
  });
});

describe('every variant', () => {
  const variants: readonly Parameters[] = [{}, everything, { signingAlgorithm: 'ES256', hsmBackedKey: true }];

  it.each(variants)('holds no secret: %j', (parameters) => {
    const { resources, outputs } = deploy(parameters);
    expect(ofType(resources, 'Microsoft.KeyVault/vaults/secrets')).toEqual([]);
    const text = JSON.stringify([resources, outputs]);
    expect(text).not.toMatch(/listKeys|listSecrets|AccountKey=|SharedAccess|sig=|client_?secret|password/i);
    // The address of a key is none.
    const names = Object.entries(settingsOf(parameters)).flatMap(([name, value]) =>
      /\/?keys\//.test(value) ? [] : [name],
    );
    expect(names.filter((name) => /secret|password|(^|_)key($|_)/i.test(name))).toEqual([]);
  });

  it.each(variants)('uses API versions that are old enough to be known and young enough to stay: %j', (parameters) => {
    for (const { type, apiVersion } of deploy(parameters).resources) {
      if (type.startsWith('Microsoft.KeyVault/')) expect(`${type} ${apiVersion}`).toBe(`${type} 2026-02-01`);
      if (/^Microsoft\.(Web|Storage)\//.test(type)) expect(apiVersion >= '2024-01-01').toBe(true);
    }
  });

  it.each(variants)('names what is global with the resource token and fits the length limits: %j', (parameters) => {
    for (const { type, name } of deploy(parameters).resources) {
      const limit = {
        'Microsoft.Storage/storageAccounts': 24,
        'Microsoft.KeyVault/vaults': 24,
        'Microsoft.Web/sites': 60,
      }[type];
      if (limit !== undefined) expect(name.length).toBeLessThanOrEqual(limit);
    }
  });

  it.each(variants)('is the same each time: %j', (parameters) => {
    expect(deploy(parameters)).toEqual(deploy(parameters));
  });
});

describe('a deployment without an Entra application', () => {
  it('says so in the words that the server knows', () => {
    expect(settingsOf().SIGN_IN_CLIENT_ID).toBe(unregisteredClientId);
  });
});
