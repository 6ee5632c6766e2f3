import { describe, expect, it } from 'vitest';
import { account, deploy, keyNamed, ofType, only } from './deployment.ts';

describe('the deployment with its defaults', () => {
  const { resources, outputs } = deploy();

  it('lives in one resource group that azd finds by its tag', () => {
    expect(only(resources, 'Microsoft.Resources/resourceGroups')).toMatchObject({
      name: 'rg-test',
      body: { tags: { 'azd-env-name': 'test' } },
    });
  });

  it('runs on Flex Consumption, Node 24, 512 MB, and keeps nothing warm', () => {
    expect(only(resources, 'Microsoft.Web/serverfarms').body).toMatchObject({
      sku: { tier: 'FlexConsumption', name: 'FC1' },
      properties: { reserved: true, zoneRedundant: false },
    });
    expect(only(resources, 'Microsoft.Web/sites').body).toMatchObject({
      kind: 'functionapp,linux',
      tags: { 'azd-service-name': 'server' },
      properties: {
        functionAppConfig: {
          runtime: { name: 'node', version: '24' },
          scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 40, alwaysReady: [] },
        },
      },
    });
  });

  it('speaks https with TLS 1.2 or newer, and no FTP', () => {
    expect(only(resources, 'Microsoft.Web/sites').body.properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled' },
    });
  });

  it('reads its package with the data identity, from a container that is not public', () => {
    const identity = resources.find(({ name }) => name.startsWith('id-data-'));
    const container = only(resources, 'Microsoft.Storage/storageAccounts/blobServices/containers');
    expect(container.id).toContain('/sthost');
    expect(container.body.properties).toEqual({ publicAccess: 'None' });
    expect(only(resources, 'Microsoft.Web/sites').body.properties).toMatchObject({
      functionAppConfig: {
        deployment: {
          storage: {
            type: 'blobContainer',
            value: expect.stringMatching(/^https:\/\/sthost\w+\.blob\.core\.windows\.net\/package$/),
            authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity?.id },
          },
        },
      },
    });
  });

  it('has two identities, both on the app', () => {
    const identities = ofType(resources, 'Microsoft.ManagedIdentity/userAssignedIdentities').map(({ id }) => id);
    expect(identities).toHaveLength(2);
    const { identity } = only(resources, 'Microsoft.Web/sites').body as {
      identity: { userAssignedIdentities: object };
    };
    expect(Object.keys(identity.userAssignedIdentities)).toEqual(identities);
  });

  it('declares the tables in an account of their own', () => {
    const tables = ofType(resources, 'Microsoft.Storage/storageAccounts/tableServices/tables');
    expect(tables.map(({ name }) => name)).toEqual(['users', 'clients', 'requests', 'replay', 'audit', 'deployment']);
    for (const { id } of tables) expect(id).toContain('/stdata');
  });

  it.each(['stdata', 'sthost'])('keeps the account %s for Entra identities over TLS 1.2 only', (prefix) => {
    expect(account(resources, prefix)?.body.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
  });

  it('guards the vault with roles, soft delete and purge protection', () => {
    expect(only(resources, 'Microsoft.KeyVault/vaults').body.properties).toMatchObject({
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      sku: { name: 'standard' },
    });
  });

  it('has one signing key that cannot be exported and rotates by itself', () => {
    expect(keyNamed(resources, 'assent-signing').body.properties).toMatchObject({
      kty: 'RSA',
      keySize: 2048,
      curveName: null,
      keyOps: ['sign', 'verify'],
      attributes: { exportable: false },
      rotationPolicy: { lifetimeActions: [{ action: { type: 'rotate' } }, { action: { type: 'notify' } }] },
    });
  });

  it('has one key that wraps and unwraps, cannot be exported, and never rotates by itself', () => {
    const { properties } = keyNamed(resources, 'assent-wrapping').body;
    expect(properties).toMatchObject({
      kty: 'RSA',
      keySize: 2048,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { exportable: false },
    });
    // A version that expires would take every derived key with it.
    expect(properties).not.toHaveProperty('rotationPolicy');
  });

  it('caps the logs, and takes telemetry from identities only', () => {
    expect(only(resources, 'Microsoft.OperationalInsights/workspaces').body.properties).toMatchObject({
      workspaceCapping: { dailyQuotaGb: 1 },
    });
    expect(only(resources, 'Microsoft.Insights/components').body.properties).toMatchObject({ DisableLocalAuth: true });
    expect(ofType(resources, 'Microsoft.Insights/workbooks')).toHaveLength(1);
  });

  it('tells the hooks what they need and nothing secret', () => {
    expect(Object.keys(outputs).filter((name) => /secret|password|connection|token/i.test(name))).toEqual([]);
  });
});

describe('private networking', () => {
  const { resources } = deploy({ privateNetworking: true });

  it('closes tables, blobs and vault to the public', () => {
    const closed = [
      account(resources, 'stdata'),
      account(resources, 'sthost'),
      only(resources, 'Microsoft.KeyVault/vaults'),
    ];
    for (const resource of closed) {
      expect(resource?.body.properties).toMatchObject({
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny' },
      });
    }
  });

  it('gives each a private endpoint with a name that resolves inside the network', () => {
    const endpoints = ofType(resources, 'Microsoft.Network/privateEndpoints');
    expect(endpoints.map(({ name }) => name.split('-')[1])).toEqual(['table', 'blob', 'vault']);
    expect(ofType(resources, 'Microsoft.Network/privateDnsZones').map(({ name }) => name)).toEqual([
      'privatelink.table.core.windows.net',
      'privatelink.blob.core.windows.net',
      'privatelink.vaultcore.azure.net',
    ]);
    expect(ofType(resources, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toHaveLength(3);
    expect(ofType(resources, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(3);
  });

  it("sends the app's traffic through a subnet delegated to it", () => {
    const { properties } = only(resources, 'Microsoft.Web/sites').body as { properties: Record<string, string> };
    expect(properties.virtualNetworkSubnetId).toMatch(/virtualNetworks\/vnet-\w+\/subnets\/app$/);
    expect(JSON.stringify(only(resources, 'Microsoft.Network/virtualNetworks').body)).toContain(
      'Microsoft.App/environments',
    );
  });

  it('makes no network at all when it is off', () => {
    expect(deploy().resources.filter(({ type }) => type.startsWith('Microsoft.Network/'))).toEqual([]);
  });
});

describe('alerts', () => {
  const { resources } = deploy({ alertEmail: 'ops@example.com' });

  it('watch errors, latency, replays, sign-ins and the vault, and tell the action group', () => {
    const group = only(resources, 'Microsoft.Insights/actionGroups');
    const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules');
    expect(rules.map(({ name }) => name.replace(/^alert-|-\w+$/g, ''))).toEqual([
      'server-errors',
      'token-latency',
      'replays',
      'sign-in-failures',
    ]);
    const throttling = only(resources, 'Microsoft.Insights/metricAlerts');
    expect(JSON.stringify(throttling.body)).toContain('"values":["429"]');
    for (const rule of [...rules, throttling]) expect(JSON.stringify(rule.body)).toContain(group.id);
  });

  it('are not made, and not billed, without a recipient', () => {
    const types = deploy().resources.map(({ type }) => type);
    expect(types.filter((type) => /Alerts|QueryRules|actionGroups/.test(type))).toEqual([]);
  });
});
