import { describe, expect, it } from 'vitest';
import { account, deploy, ofType, only } from './deployment.ts';

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

  it('lets https from the network to the endpoints, and nothing else', () => {
    const [group] = ofType(resources, 'Microsoft.Network/networkSecurityGroups');
    expect(group?.name).toMatch(/^nsg-endpoints-/);
    const { securityRules = [] } = (group?.body.properties ?? {}) as {
      securityRules?: { properties: Record<string, string> }[];
    };
    expect(
      securityRules.map(({ properties: { access, sourceAddressPrefix, destinationPortRange } }) =>
        [access, sourceAddressPrefix, destinationPortRange].join(' '),
      ),
    ).toEqual(['Allow VirtualNetwork 443', 'Deny * *']);
    const network = JSON.stringify(only(resources, 'Microsoft.Network/virtualNetworks').body);
    expect(network).toContain(group?.id);
    expect(network).toContain('"privateEndpointNetworkPolicies":"NetworkSecurityGroupEnabled"');
  });

  it('joins a hub: its own range, a peering, and the zones that the organisation has', () => {
    const zonesGroup = '/subscriptions/s/resourceGroups/dns';
    const joined = deploy({
      privateNetworking: true,
      networkPrefix: '10.20.4.0/23',
      hubNetworkId: '/subscriptions/s/hub',
      hubDnsResourceGroupId: zonesGroup,
    }).resources;
    const network = JSON.stringify(only(joined, 'Microsoft.Network/virtualNetworks').body);
    for (const part of ['10.20.4.0/24', '10.20.5.0/24', '"remoteVirtualNetwork":{"id":"/subscriptions/s/hub"}'])
      expect(network).toContain(part);
    expect(ofType(joined, 'Microsoft.Network/privateDnsZones')).toEqual([]);
    expect(JSON.stringify(ofType(joined, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups'))).toContain(
      `${zonesGroup}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`,
    );
  });

  it('makes no network at all when it is off', () => {
    expect(deploy().resources.filter(({ type }) => type.startsWith('Microsoft.Network/'))).toEqual([]);
  });
});
