// Every right in the deployment, on the smallest scope that works. infra/README.md says what each is for, and
// test/infra holds the list equal to what the code and the Functions host call.
param dataAccountName string
param hostAccountName string
param tableNames array
@description('The first one holds the wrapping key.')
param vaultNames array
param keyName string
param wrappingKeyName string
param insightsName string
param hostPrincipalId string
param dataPrincipalId string
param keyRoleId string
@description('Role on the audit; empty: the same as on the other tables.')
param auditRoleId string

var tableDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
)
var blobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var metricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

// Key Vault Crypto Service Encryption User: read a key, wrap and unwrap with it.
var keyWrapper = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6'
)

resource dataAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataAccountName
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' existing = {
  parent: dataAccount
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName
}

resource vaults 'Microsoft.KeyVault/vaults@2026-02-01' existing = [
  for name in vaultNames: {
    name: name
  }
]

resource signingKeys 'Microsoft.KeyVault/vaults/keys@2026-02-01' existing = [
  for (name, index) in vaultNames: {
    parent: vaults[index]
    name: keyName
  }
]

resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2026-02-01' existing = {
  parent: vaults[0]
  name: wrappingKeyName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// src/storage: read and write rows; of the audit, read and add.
resource appOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in tableNames: {
    scope: tables[index]
    name: guid(
      tables[index].id,
      dataPrincipalId,
      name == 'audit' && !empty(auditRoleId) ? auditRoleId : tableDataContributor
    )
    properties: {
      roleDefinitionId: name == 'audit' && !empty(auditRoleId) ? auditRoleId : tableDataContributor
      principalId: dataPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

// The Functions host: the package, and the lease that makes a timer run once.
resource hostOnBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostAccount
  name: guid(hostAccount.id, hostPrincipalId, blobDataOwner)
  properties: {
    roleDefinitionId: blobDataOwner
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// src/signing: list the key's versions, read their public halves, sign.
resource appOnKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in vaultNames: {
    scope: signingKeys[index]
    name: guid(signingKeys[index].id, dataPrincipalId, keyRoleId)
    properties: {
      roleDefinitionId: keyRoleId
      principalId: dataPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

// src/signing/deployment-secret.ts: wrap the secret once, unwrap it in each process.
resource appOnWrappingKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: wrappingKey
  name: guid(wrappingKey.id, dataPrincipalId, keyWrapper)
  properties: {
    roleDefinitionId: keyWrapper
    principalId: dataPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The Functions host: telemetry, since local authentication is off.
resource hostOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, hostPrincipalId, metricsPublisher)
  properties: {
    roleDefinitionId: metricsPublisher
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
  }
}
