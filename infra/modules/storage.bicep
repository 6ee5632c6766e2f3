// One account for the data, one for the Functions host: who may write the package must not reach a row, and the other
// way round.
param location string
param resourceToken string
param tags object
param zoneRedundant bool
param geoRedundant bool
param publicAccess bool
param locked bool
@description('Accounts for the data, the first one included.')
param accountCount int

// What src/storage reads and writes. Declared here so that the app needs no right to create a table.
var names = ['users', 'clients', 'replay', 'requests', 'audit', 'deployment', 'index']
var packageContainerName = 'package'
var zonalSku = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
var geoSku = zoneRedundant ? 'Standard_GZRS' : 'Standard_GRS'

var accountProperties = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  // No account key and no signature made from one: whoever reads or writes is known to Entra.
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
  publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
  networkAcls: {
    bypass: 'None'
    defaultAction: publicAccess ? 'Allow' : 'Deny'
  }
}

resource dataAccount 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stdata${resourceToken}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: geoRedundant ? geoSku : zonalSku }
  properties: accountProperties
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: dataAccount
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for name in names: {
    parent: tableService
    name: name
  }
]

resource dataLock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: dataAccount
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Every authorization is in its tables.'
  }
}

module further 'further-account.bicep' = [
  for index in range(0, accountCount - 1): {
    name: 'further-account-${index + 2}'
    params: {
      location: location
      resourceToken: resourceToken
      tags: tags
      number: index + 2
      skuName: geoRedundant ? geoSku : zonalSku
      accountProperties: accountProperties
      locked: locked
    }
  }
]

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'sthost${resourceToken}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zonalSku }
  properties: accountProperties
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: hostAccount
  name: 'default'
  properties: {
    // A package that was deleted or overwritten by mistake.
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource packageContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobService
  name: packageContainerName
  properties: { publicAccess: 'None' }
}

output dataAccountId string = dataAccount.id
output dataAccountName string = dataAccount.name
output tableNames array = names
// Without a trailing slash: the table's name follows it.
output tablesUrl string = 'https://${dataAccount.name}.table.${environment().suffixes.storage}'
output furtherAccountIds array = [for index in range(0, accountCount - 1): further[index].outputs.id]
output furtherAccountNames array = [for index in range(0, accountCount - 1): further[index].outputs.name]
output furtherTablesUrls array = [for index in range(0, accountCount - 1): further[index].outputs.tablesUrl]
output hostAccountId string = hostAccount.id
output hostAccountName string = hostAccount.name
output hostBlobUrl string = 'https://${hostAccount.name}.blob.${environment().suffixes.storage}'
output packageContainerUrl string = 'https://${hostAccount.name}.blob.${environment().suffixes.storage}/${packageContainer.name}'
