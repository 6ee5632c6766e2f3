import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateBicep } from './bicep/evaluate.ts';
import { mainFile } from './bicep/files.ts';
import { account, deploy, json, keyNamed, ofType, only, type Parameters, settingsOf } from './deployment.ts';

describe('parameters', () => {
  it('have the same defaults in main.parameters.json, and every one can be set from the environment', () => {
    const file = json('main.parameters.json') as { parameters: Record<string, { value: string }> };
    const declared = [...readFileSync(mainFile, 'utf8').matchAll(/^param (\w+) \w+(?: = (.*))?$/gm)];
    // Whoever deploys is known to Resource Manager; a value from the environment could be another account's.
    const settable = declared.filter(([, name]) => name !== 'principalId');
    expect(Object.keys(file.parameters)).toEqual(settable.map(([, name]) => name));
    for (const [, name = '', fallback] of settable) {
      const written = /^\$\{[A-Z_]+(?:=(.*))?\}$/.exec(file.parameters[name]?.value ?? '')?.[1] ?? '';
      if (fallback !== undefined && name !== 'location')
        expect(`${name}: ${written}`).toBe(`${name}: ${plain(fallback)}`);
    }
  });

  const plain = (literal: string): string => literal.replace(/^'(.*)'$/, '$1');

  it('let azd ask at most three questions: environment, subscription, region', () => {
    expect(() => evaluateBicep(mainFile, {})).toThrow(/"environmentName" has no value/);
    expect(() => evaluateBicep(mainFile, { environmentName: 'test' })).toThrow(/"location" has no value/);
    expect(() => deploy()).not.toThrow();
  });

  it.each<[Parameters, RegExp]>([
    [{ instanceMemoryMB: 1024 }, /@allowed/],
    [{ signingAlgorithm: 'HS256' }, /@allowed/],
    [{ brandName: '' }, /@minLength/],
    [{ maximumInstances: 0 }, /@minValue/],
    [{ dailyLogCapGb: 0 }, /@minValue/],
    [{ vaultCount: 0 }, /@minValue/],
    [{ vaultCount: 6 }, /@maxValue/],
    [{ dataAccounts: 0 }, /@minValue/],
    [{ dataAccounts: 21 }, /@maxValue/],
    // A region without Flex Consumption.
    [{ location: 'switzerlandwest' }, /@allowed/],
  ])('refuse %j', (parameters, message) => {
    expect(() => deploy(parameters)).toThrow(message);
  });

  it('change memory, warm instances and the ceiling of instances', () => {
    const site = only(
      deploy({ instanceMemoryMB: 2048, alwaysReadyInstances: 1, maximumInstances: 100 }).resources,
      'Microsoft.Web/sites',
    );
    expect(site.body.properties).toMatchObject({
      functionAppConfig: {
        scaleAndConcurrency: {
          instanceMemoryMB: 2048,
          maximumInstanceCount: 100,
          alwaysReady: [{ name: 'http', instanceCount: 1 }],
        },
      },
    });
  });

  it('spread over zones: plan, data, and two warm instances', () => {
    const { resources } = deploy({ zoneRedundant: true });
    expect(only(resources, 'Microsoft.Web/serverfarms').body.properties).toMatchObject({ zoneRedundant: true });
    expect(account(resources, 'stdata')?.body.sku).toEqual({ name: 'Standard_ZRS' });
    expect(account(resources, 'sthost')?.body.sku).toEqual({ name: 'Standard_ZRS' });
    expect(JSON.stringify(only(resources, 'Microsoft.Web/sites').body)).toContain('"instanceCount":2');
  });

  it.each([
    [{ geoRedundant: true }, 'Standard_GRS'],
    [{ geoRedundant: true, zoneRedundant: true }, 'Standard_GZRS'],
    [{}, 'Standard_LRS'],
  ])('replicate the data with %j as %s', (parameters, sku) => {
    expect(account(deploy(parameters).resources, 'stdata')?.body.sku).toEqual({ name: sku });
  });

  it('put both keys into a hardware module', () => {
    const { resources } = deploy({ hsmBackedKey: true });
    expect(only(resources, 'Microsoft.KeyVault/vaults').body.properties).toMatchObject({ sku: { name: 'premium' } });
    for (const name of ['assent-signing', 'assent-wrapping'])
      expect(keyNamed(resources, name).body.properties).toMatchObject({ kty: 'RSA-HSM' });
  });

  it('leave purge protection out rather than saying false, which Key Vault refuses later', () => {
    const vault = only(deploy({ purgeProtection: false }).resources, 'Microsoft.KeyVault/vaults');
    expect(vault.body.properties).toMatchObject({ enablePurgeProtection: null, enableSoftDelete: true });
  });

  it('give an elliptic key a name of its own, since a key never changes its type', () => {
    const { resources } = deploy({ signingAlgorithm: 'ES256' });
    expect(keyNamed(resources, 'assent-signing-ec').body).toMatchObject({
      name: 'assent-signing-ec',
      properties: { kty: 'EC', curveName: 'P-256', keySize: null },
    });
    expect(settingsOf({ signingAlgorithm: 'ES256' })).toMatchObject({
      SIGNING_ALGORITHM: 'ES256',
      SIGNING_KEYS: expect.stringMatching(/keys\/assent-signing-ec$/),
    });
  });

  it('sign with the keys of several vaults, and wrap with the first', () => {
    const { resources } = deploy({ vaultCount: 3, alertEmail: 'ops@example.com', vaultAudit: true });
    const vaults = ofType(resources, 'Microsoft.KeyVault/vaults').map(({ name }) => name);
    expect(vaults.map((name) => name.replace(/[0-9a-f]{13}/, ''))).toEqual(['kv-', 'kv--2', 'kv--3']);
    const inVault = (key: string) =>
      ofType(resources, 'Microsoft.KeyVault/vaults/keys')
        .filter(({ name }) => name === key)
        .map(({ id }) => id);
    expect(inVault('assent-signing')).toHaveLength(3);
    expect(inVault('assent-wrapping').map((id) => id.split('/').at(-3))).toEqual([vaults[0]]);
    const rights = ofType(resources, 'Microsoft.Authorization/roleAssignments').map(({ scope }) => scope);
    expect(inVault('assent-signing').filter((id) => !rights.includes(id))).toEqual([]);
    const settings = settingsOf({ vaultCount: 3 });
    const urls = vaults.map((name) => `<Microsoft.KeyVault/vaults/${name}.vaultUri>keys/assent-signing`);
    expect(settings.SIGNING_KEYS).toBe(urls.join(','));
    expect(settings.WRAPPING_KEY).toBe(`<Microsoft.KeyVault/vaults/${vaults[0]}.vaultUri>keys/assent-wrapping`);
    expect(
      ofType(resources, 'Microsoft.Insights/metricAlerts').filter(({ name }) => /throttling/.test(name)),
    ).toHaveLength(3);
    expect(ofType(resources, 'Microsoft.Insights/diagnosticSettings')).toHaveLength(3);
  });

  it('make vaults in further regions, whose names and endpoints stay what they are when there are more', () => {
    const vaultsOf = (parameters: Parameters) =>
      ofType(deploy({ ...parameters, privateNetworking: true }).resources, 'Microsoft.KeyVault/vaults');
    const vaults = vaultsOf({ vaultCount: 2, vaultRegions: 'northeurope, swedencentral' });
    expect(vaults.map(({ body }) => body.location)).toEqual(
      ['westeurope', 'northeurope', 'swedencentral'].flatMap((region) => [region, region]),
    );
    for (const { name } of vaults) expect(name.length).toBeLessThanOrEqual(24);
    const urls = settingsOf({ vaultCount: 2, vaultRegions: 'northeurope, swedencentral' }).SIGNING_KEYS?.split(',');
    expect(urls).toEqual(vaults.map(({ name }) => `<Microsoft.KeyVault/vaults/${name}.vaultUri>keys/assent-signing`));
    const places = (parameters: Parameters) => vaultsOf(parameters).map(({ name, body }) => `${name} ${body.location}`);
    const before = places({ vaultCount: 2, vaultRegions: 'northeurope' });
    expect(places({ vaultCount: 3, vaultRegions: 'swedencentral,northeurope' })).toEqual(
      expect.arrayContaining(before),
    );
    const endpoints = (parameters: Parameters) =>
      ofType(deploy({ ...parameters, privateNetworking: true }).resources, 'Microsoft.Network/privateEndpoints').map(
        ({ name, body }) => `${name} ${JSON.stringify(body.properties)}`,
      );
    const endpointsBefore = endpoints({ vaultCount: 2, vaultRegions: 'northeurope' });
    expect(endpoints({ vaultCount: 3, vaultRegions: 'swedencentral,northeurope' })).toEqual(
      expect.arrayContaining(endpointsBefore),
    );
  });

  it('sign with keys from elsewhere beside their own', () => {
    const elsewhere = 'https://one.managedhsm.azure.net/keys/signing, https://two.vault.azure.net/keys/signing';
    const keys = settingsOf({ furtherSigningKeys: elsewhere }).SIGNING_KEYS?.split(',') ?? [];
    expect(keys).toHaveLength(3);
    expect(keys.slice(1)).toEqual(elsewhere.split(', '));
  });

  it('let one instance serve as many requests at once as is said, and by default what the platform takes', () => {
    const scaling = (parameters: Parameters) =>
      (only(deploy(parameters).resources, 'Microsoft.Web/sites').body as { properties: Record<string, Parameters> })
        .properties.functionAppConfig?.scaleAndConcurrency;
    expect(scaling({ httpConcurrency: 16 })).toMatchObject({ triggers: { http: { perInstanceConcurrency: 16 } } });
    expect(scaling({})).toMatchObject({ triggers: null });
  });

  it('give each vault a private endpoint, and all of them one zone', () => {
    const { resources } = deploy({ vaultCount: 2, privateNetworking: true });
    const endpoints = ofType(resources, 'Microsoft.Network/privateEndpoints').map(({ name }) => name.split('-')[1]);
    expect(endpoints).toEqual(['table', 'blob', 'vault', 'vault2']);
    expect(ofType(resources, 'Microsoft.Network/privateDnsZones')).toHaveLength(3);
    const groups = ofType(resources, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
    expect(groups.map(({ body }) => JSON.stringify(body).includes('vaultcore'))).toEqual([false, false, true, true]);
  });

  it('keep logs for as long as it is said, and log who writes to the tables', () => {
    const { resources } = deploy({ logRetentionDays: 90, tableAudit: true });
    expect(only(resources, 'Microsoft.OperationalInsights/workspaces').body.properties).toMatchObject({
      retentionInDays: 90,
    });
    const logs = only(resources, 'Microsoft.Insights/diagnosticSettings');
    expect(logs.scope).toMatch(/stdata\w+\/tableServices\/default$/);
    expect(JSON.stringify(logs.body)).toMatch(/StorageWrite.*StorageDelete/);
  });

  it('lock what cannot be made again', () => {
    const locks = ofType(deploy({ resourceLocks: true, vaultCount: 2 }).resources, 'Microsoft.Authorization/locks');
    expect(
      locks.map(({ scope }) =>
        scope
          ?.split('/')
          .at(-1)
          ?.replace(/[0-9a-f]{13}/, ''),
      ),
    ).toEqual(['stdata', 'kv-', 'kv--2']);
  });

  it('spread what grows with people over several accounts, each with its tables, rights, lock, log and endpoint', () => {
    const { resources, outputs } = deploy({
      dataAccounts: 3,
      resourceLocks: true,
      tableAudit: true,
      privateNetworking: true,
      geoRedundant: true,
    });
    const further = ofType(resources, 'Microsoft.Storage/storageAccounts').filter(({ name }) =>
      /^stdata[0-9a-f]{13}\d$/.test(name),
    );
    expect(further.map(({ name }) => name.slice(-1))).toEqual(['2', '3']);
    const first = account(resources, 'stdata');
    for (const { id, name, body } of further) {
      expect([body.sku, body.properties]).toEqual([first?.body.sku, first?.body.properties]);
      const below = (type: string) => ofType(resources, type).filter((each) => each.id.startsWith(`${id}/`));
      const tables = below('Microsoft.Storage/storageAccounts/tableServices/tables').map((table) => table.id);
      expect(tables.map((table) => table.split('/').at(-1))).toEqual(['users', 'replay', 'requests']);
      const scopes = (type: string) => ofType(resources, type).map(({ scope }) => scope);
      expect(tables.filter((table) => !scopes('Microsoft.Authorization/roleAssignments').includes(table))).toEqual([]);
      expect(scopes('Microsoft.Authorization/locks')).toContain(id);
      expect(scopes('Microsoft.Insights/diagnosticSettings')).toContain(`${id}/tableServices/default`);
      const endpoints = ofType(resources, 'Microsoft.Network/privateEndpoints');
      expect(endpoints.find((each) => each.name.startsWith(`pe-table${name.slice(-1)}-`))?.body).toMatchObject({
        properties: { privateLinkServiceConnections: [{ properties: { privateLinkServiceId: id } }] },
      });
    }
    const urls = further.map(({ name }) => `https://${name}.table.core.windows.net`).join(',');
    expect(settingsOf({ dataAccounts: 3 }).FURTHER_TABLES_URLS).toBe(urls);
    expect(outputs.ASSENT_FURTHER_TABLES_URLS).toBe(urls);
    expect(settingsOf().FURTHER_TABLES_URLS).toBe('');
  });

  it('make a custom domain the issuer', () => {
    expect(settingsOf({ customDomain: 'id.example.com' }).ISSUER).toBe('https://id.example.com');
    expect(deploy({ customDomain: 'id.example.com' }).outputs.ASSENT_ISSUER).toBe('https://id.example.com');
  });
});
