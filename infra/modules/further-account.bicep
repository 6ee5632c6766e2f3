// A further account for the tables that grow with people: which people's rows it holds is decided by infra/hooks/move-people.mjs.
param location string
param resourceToken string
param tags object
@description('2 for the first of them: the second account of the deployment.')
param number int
param skuName string
param accountProperties object
param locked bool

// What src/storage/store.ts opens in more than one account.
var names = ['users', 'replay', 'requests']

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stdata${resourceToken}${number}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
  properties: accountProperties
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for name in names: {
    parent: tableService
    name: name
  }
]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Authorizations of some of the people are in its tables.'
  }
}

output id string = account.id
output name string = account.name
output tablesUrl string = 'https://${account.name}.table.${environment().suffixes.storage}'
