// Assent in one resource group. Every parameter but name and region has a default, so that unattended runs work;
// main.parameters.json reads each from the azd environment.
targetScope = 'subscription'

@description('Name of the azd environment; part of the names of the resource group and of what is in it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of every resource. The list keeps azd from offering one without Flex Consumption; the present one: az functionapp list-flexconsumption-locations.')
@allowed([
  'australiaeast', 'australiasoutheast', 'brazilsouth', 'canadacentral', 'centralindia', 'centralus'
  'eastasia', 'eastus', 'eastus2', 'francecentral', 'germanywestcentral', 'italynorth'
  'japaneast', 'koreacentral', 'northcentralus', 'northeurope', 'norwayeast', 'southafricanorth'
  'southcentralus', 'southeastasia', 'southindia', 'spaincentral', 'swedencentral', 'uaenorth'
  'uksouth', 'ukwest', 'westcentralus', 'westeurope', 'westus', 'westus2'
  'westus3'
])
@metadata({ azd: { type: 'location' } })
param location string

@description('The organisation as users see it on every page.')
@minLength(1)
@maxLength(60)
param brandName string = 'Assent'

@description('The organisation\'s colour, such as #0b5c47; other shades of it are derived.')
param brandAccent string = ''

@description('The organisation\'s picture: a PNG, JPEG or WebP file in base64.')
@maxLength(24000)
param brandLogo string = ''

@description('Resource servers: [{ "identifier", "name", "permissions"?, "claims"? }].')
param resourceServers array = []

@description('Object ids of the people who may operate, separated by commas. Empty: whoever deploys.')
param operators string = ''

@description('Object id of whoever deploys: the operator while nobody else is named. Resource Manager knows it; a value from elsewhere could be empty or another account\'s.')
param principalId string = deployer().objectId

@description('Client id of the Entra application that signs users in; the preprovision hook registers one.')
param entraClientId string = ''

@description('Algorithm of the signing key. ES256 costs five times as much per signature.')
@allowed(['RS256', 'PS256', 'ES256'])
param signingAlgorithm string = 'RS256'

@description('Settings that config.ts has defaults for (tunable-settings.json): ACCESS_TOKEN_SECONDS=300,CODE_SECONDS=30')
param settings string = ''

@description('Memory of one instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('Instances that are kept warm. 0 costs nothing when idle; 1 avoids cold starts.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('The most on-demand instances of a group of functions: HTTP is one group, each timer another. Below 40 not every region accepts it.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Requests that one instance serves at the same time; with more of them another instance starts. 0: what the platform takes for its memory.')
@minValue(0)
@maxValue(1000)
param httpConcurrency int = 0

@description('Spread instances and data over availability zones.')
param zoneRedundant bool = false

@description('Replicate the data to the paired region, to be restored there by hand after the loss of a region.')
param geoRedundant bool = false

@description('Virtual network with private endpoints for tables, blobs and vault, which then have no public access.')
param privateNetworking bool = false

@description('Address range of that network, /23 at least; one that nothing it is joined with uses.')
param networkPrefix string = '10.0.0.0/16'

@description('Resource id of a network to peer with, such as a hub. Its owner makes the peering back.')
param hubNetworkId string = ''

@description('Resource id of the resource group with the private DNS zones of an organisation. Empty: zones of our own.')
param hubDnsResourceGroupId string = ''

@description('Keep the signing key in a hardware security module (premium vault).')
param hsmBackedKey bool = false

@description('Where Azure Communication Services keeps mails to people, such as Europe: makes the service. Empty: no mails, unless the next two name a service.')
param mailDataLocation string = ''

@description('A service of yours that sends them: https://<name>.communication.azure.com. Its owner gives the data identity its role.')
param mailEndpoint string = ''

@description('The sender there, from a verified domain.')
param mailSender string = ''

@description('Nobody can purge a deleted vault before its time. Cannot be switched off again.')
param purgeProtection bool = true

@description('A role with nothing but read and sign in place of Key Vault Crypto User; on the audit, nothing but read and add.')
param customKeyRole bool = false

@description('Vaults that sign together. Each makes about 400 signatures a second; five are what one subscription may do in a region.')
@minValue(1)
@maxValue(5)
param vaultCount int = 1

@description('Further regions with vaults, separated by commas: as many in each as here, since what one subscription may do is counted by region.')
param vaultRegions string = ''

@description('Addresses of further keys that sign, separated by commas, such as in vaults of other subscriptions or in managed HSMs. Their owner gives the data identity its role.')
param furtherSigningKeys string = ''

@description('Storage accounts for the data. Each makes about 20,000 transactions a second; who lies where says infra/hooks/move-people.mjs.')
@minValue(1)
@maxValue(20)
param dataAccounts int = 1

@description('Keep the data account and the vaults from being deleted, by azd down as well. Takes the right to make locks.')
param resourceLocks bool = false

@description('Host name of users and services in place of the platform\'s. Binding and certificate: infra/README.md.')
param customDomain string = ''

@description('Where alerts go. Empty: no alert rules, since each costs money and would reach nobody.')
param alertEmail string = ''

@description('Log ingestion stops for the day at this many gigabytes.')
@minValue(1)
@maxValue(1000)
param dailyLogCapGb int = 1

@description('Days that logs are kept. 30 are included in the price.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Log who writes to and deletes from the tables: one record, billed, per write.')
param tableAudit bool = false

@description('Log every operation on the vault: one record, billed, per signature.')
param vaultAudit bool = false

var resourceToken = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
var regions = concat([location], filter(map(split(vaultRegions, ','), region => trim(region)), region => !empty(region)))
// Named by region, so that a longer list leaves the vaults that are there alone.
var vaultPlaces = flatten(map(
  range(0, length(regions)),
  at => map(range(0, vaultCount), number => {
    region: regions[at]
    label: at == 0
      ? number == 0 ? '' : string(number + 1)
      : '${take(uniqueString(regions[at]), 4)}-${number + 1}'
  })
))
var keysElsewhere = filter(map(split(furtherSigningKeys, ','), key => trim(key)), key => !empty(key))
var cryptoUserRole = '12338af0-0e69-4776-bea7-57ae8d297424'
var keySignerRole = guid(subscription().id, resourceToken, 'key signer')
var keySignerRoleName = 'Assent key signer ${resourceToken}'
// Where Entra answers as the issuer of ID tokens. In China that is another host than the one that the management API names.
var loginEndpoint = environment().authentication.loginEndpoint
var signInAuthority = environment().name == 'AzureChinaCloud'
  ? 'https://login.partner.microsoftonline.cn/'
  : endsWith(loginEndpoint, '/') ? loginEndpoint : '${loginEndpoint}/'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module keyRole 'modules/custom-role.bicep' = if (customKeyRole) {
  name: 'key-role-${resourceToken}'
  params: {
    id: keySignerRole
    roleName: keySignerRoleName
  }
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: location
    resourceToken: resourceToken
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    resourceToken: resourceToken
    tags: tags
    zoneRedundant: zoneRedundant
    geoRedundant: geoRedundant
    publicAccess: !privateNetworking
    locked: resourceLocks
    accountCount: dataAccounts
  }
}

module vaults 'modules/vault.bicep' = [
  for (place, index) in vaultPlaces: {
    name: 'vault-${index}'
    scope: group
    params: {
      location: place.region
      label: place.label
      resourceToken: resourceToken
      tags: tags
      signingAlgorithm: signingAlgorithm
      hsmBackedKey: hsmBackedKey
      purgeProtection: purgeProtection
      publicAccess: !privateNetworking
      wraps: index == 0
      locked: resourceLocks
    }
  }
]

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    resourceToken: resourceToken
    tags: tags
    dailyLogCapGb: dailyLogCapGb
    logRetentionDays: logRetentionDays
    vaultNames: [for (place, index) in vaultPlaces: vaults[index].outputs.name]
    vaultAudit: vaultAudit
    dataAccountNames: concat([storage.outputs.dataAccountName], storage.outputs.furtherAccountNames)
    tableAudit: tableAudit
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    location: location
    addressPrefix: networkPrefix
    hubNetworkId: hubNetworkId
    hubDnsResourceGroupId: hubDnsResourceGroupId
    resourceToken: resourceToken
    tags: tags
    dataAccountIds: concat([storage.outputs.dataAccountId], storage.outputs.furtherAccountIds)
    hostAccountId: storage.outputs.hostAccountId
    vaultIds: [for (place, index) in vaultPlaces: vaults[index].outputs.id]
    vaultLabels: [for place in vaultPlaces: place.label]
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  dependsOn: [keyRole]
  params: {
    dataAccountName: storage.outputs.dataAccountName
    hostAccountName: storage.outputs.hostAccountName
    tableNames: storage.outputs.tableNames
    vaultNames: [for (place, index) in vaultPlaces: vaults[index].outputs.name]
    keyName: vaults[0].outputs.keyName
    wrappingKeyName: vaults[0].outputs.wrappingKeyName
    insightsName: monitoring.outputs.insightsName
    hostPrincipalId: identity.outputs.hostPrincipalId
    dataPrincipalId: identity.outputs.dataPrincipalId
    keyRoleId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      customKeyRole ? keySignerRole : cryptoUserRole
    )
    auditRoleId: customKeyRole
      ? subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keySignerRole)
      : ''
  }
}

module furtherRoles 'modules/further-account-roles.bicep' = [
  for index in range(0, dataAccounts - 1): {
    name: 'further-account-roles-${index + 2}'
    scope: group
    params: {
      accountName: storage.outputs.furtherAccountNames[index]
      dataPrincipalId: identity.outputs.dataPrincipalId
    }
  }
]

module mail 'modules/mail.bicep' = if (!empty(mailDataLocation)) {
  name: 'mail'
  scope: group
  params: {
    resourceToken: resourceToken
    tags: tags
    dataLocation: mailDataLocation
    dataPrincipalId: identity.outputs.dataPrincipalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  // The host reads its package at once: rights come first.
  dependsOn: [roles, furtherRoles]
  params: {
    location: location
    resourceToken: resourceToken
    tags: tags
    brandName: brandName
    brandAccent: brandAccent
    brandLogo: brandLogo
    mailEndpoint: empty(mailDataLocation) ? mailEndpoint : mail!.outputs.endpoint
    mailSender: empty(mailDataLocation) ? mailSender : mail!.outputs.sender
    resourceServers: resourceServers
    operators: empty(operators) ? principalId : operators
    entraClientId: entraClientId
    signingAlgorithm: signingAlgorithm
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    customDomain: customDomain
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    hostIdentityId: identity.outputs.hostIdentityId
    hostClientId: identity.outputs.hostClientId
    dataIdentityId: identity.outputs.dataIdentityId
    dataClientId: identity.outputs.dataClientId
    signInIdentityId: identity.outputs.signInIdentityId
    signInClientId: identity.outputs.signInClientId
    signInAuthority: signInAuthority
    tablesUrl: storage.outputs.tablesUrl
    furtherTablesUrls: storage.outputs.furtherTablesUrls
    hostBlobUrl: storage.outputs.hostBlobUrl
    packageContainerUrl: storage.outputs.packageContainerUrl
    signingKeyUrls: [for (place, index) in vaultPlaces: vaults[index].outputs.signingKeyUrl]
    furtherSigningKeys: keysElsewhere
    wrappingKeyUrl: vaults[0].outputs.wrappingKeyUrl
    insightsConnectionString: monitoring.outputs.insightsConnectionString
  }
}

module alerts 'modules/alerts.bicep' = if (!empty(alertEmail)) {
  name: 'alerts'
  scope: group
  params: {
    location: location
    resourceToken: resourceToken
    tags: tags
    alertEmail: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    issuer: app.outputs.issuer
    vaultIds: [for (place, index) in vaultPlaces: vaults[index].outputs.id]
  }
}

// Outputs become values of the azd environment, where the hooks read them. None of them is a secret.
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output ASSENT_ISSUER string = app.outputs.issuer
output ASSENT_PLATFORM_URL string = app.outputs.platformUrl
output ASSENT_TABLES_URL string = storage.outputs.tablesUrl
output ASSENT_FURTHER_TABLES_URLS string = join(storage.outputs.furtherTablesUrls, ',')
output ASSENT_OPERATORS string = empty(operators) ? principalId : operators
output ASSENT_PRIVATE_NETWORKING bool = privateNetworking
output ASSENT_SIGN_IN_PRINCIPAL_ID string = identity.outputs.signInPrincipalId
output ASSENT_SIGN_IN_AUTHORITY string = signInAuthority
output ASSENT_SIGN_IN_AUDIENCE string = app.outputs.signInAudience
// The first: the one with the wrapping key.
output ASSENT_VAULT_NAME string = vaults[0].outputs.name
output ASSENT_KEY_ROLE_NAME string = customKeyRole ? keySignerRoleName : ''
output ASSENT_ALERT_EMAIL string = alertEmail
