// What roles.bicep gives on the tables of the first account, on those of a further one.
param accountName string
param dataPrincipalId string

// As further-account.bicep makes them.
var tableNames = ['users', 'replay', 'requests']

var tableDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
)

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: accountName
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]

resource appOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in tableNames: {
    scope: tables[index]
    name: guid(tables[index].id, dataPrincipalId, tableDataContributor)
    properties: {
      roleDefinitionId: tableDataContributor
      principalId: dataPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]
