// Only under private networking: one subnet for the app's way out, one for the private endpoints; a private address for
// each service that the app calls, and the name that resolves to it inside the network.
param location string
param resourceToken string
param tags object
param dataAccountIds array
param hostAccountId string
param vaultIds array
param vaultLabels array
param addressPrefix string
@description('Network to peer with; empty: none. Its owner makes the way back.')
param hubNetworkId string
@description('Resource group with the private DNS zones of an organisation; empty: zones of our own.')
param hubDnsResourceGroupId string

var ownZones = empty(hubDnsResourceGroupId)

// Who reaches the private endpoints, and on which port. The default rules would allow every port from everywhere in the network
// and in what is peered with it.
resource endpointRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-endpoints-${resourceToken}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'https-from-the-network'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// The app's subnet is its way out; what comes in does not pass here.
resource appRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-app-${resourceToken}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'nothing-comes-in'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-${resourceToken}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    // Inside the network's own body: as resources of their own they would be removed and re-made at each provision.
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          networkSecurityGroup: { id: appRules.id }
          delegations: [
            {
              name: 'flex'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 1)
          networkSecurityGroup: { id: endpointRules.id }
          // Without it the rules do not count for private endpoints.
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
    virtualNetworkPeerings: empty(hubNetworkId)
      ? []
      : [
          {
            name: 'hub'
            properties: {
              remoteVirtualNetwork: { id: hubNetworkId }
              allowVirtualNetworkAccess: true
              allowForwardedTraffic: true
            }
          }
        ]
  }
}

var zoneNames = {
  table: 'privatelink.table.${environment().suffixes.storage}'
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
}
var groups = ['table', 'blob', 'vault']
var vaultTargets = [
  for (id, index) in vaultIds: {
    name: 'vault${vaultLabels[index]}'
    group: 'vault'
    zone: 2
    resourceId: id
  }
]
var tableTargets = [
  for (id, index) in dataAccountIds: {
    name: index == 0 ? 'table' : 'table${index + 1}'
    group: 'table'
    zone: 0
    resourceId: id
  }
]
var targets = concat(
  tableTargets,
  [
    {
      name: 'blob'
      group: 'blob'
      zone: 1
      resourceId: hostAccountId
    }
  ],
  vaultTargets
)

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for group in groups: if (ownZones) {
    name: zoneNames[group]
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (group, index) in groups: if (ownZones) {
    parent: zones[index]
    name: 'link-${resourceToken}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for target in targets: {
    name: 'pe-${target.name}-${resourceToken}'
    location: location
    tags: tags
    properties: {
      subnet: { id: '${network.id}/subnets/endpoints' }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            privateLinkServiceId: target.resourceId
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (target, index) in targets: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: ownZones
              ? zones[target.zone].id
              : '${hubDnsResourceGroupId}/providers/Microsoft.Network/privateDnsZones/${zoneNames[target.group]}'
          }
        }
      ]
    }
  }
]

output appSubnetId string = '${network.id}/subnets/app'
