// Where the Functions host sends telemetry, and the page an operator looks at. Telemetry can cost more than everything
// else together: the cap is not optional.
param location string
param resourceToken string
param tags object
param dailyLogCapGb int
param vaultNames array
param vaultAudit bool
param dataAccountNames array
param tableAudit bool
param logRetentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-${resourceToken}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logRetentionDays
    workspaceCapping: { dailyQuotaGb: dailyLogCapGb }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${resourceToken}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The connection string alone sends nothing: it takes the identity that roles.bicep names.
    DisableLocalAuth: true
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, resourceToken, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Assent'
    category: 'workbook'
    sourceId: workspace.id
    serializedData: loadTextContent('../workbook.json')
  }
}

resource vaults 'Microsoft.KeyVault/vaults@2026-02-01' existing = [
  for name in vaultNames: {
    name: name
  }
]

resource vaultLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for (name, index) in vaultNames: if (vaultAudit) {
    scope: vaults[index]
    name: 'audit'
    properties: {
      workspaceId: workspace.id
      logs: [
        {
          category: 'AuditEvent'
          enabled: true
        }
      ]
    }
  }
]

resource dataAccounts 'Microsoft.Storage/storageAccounts@2024-01-01' existing = [
  for name in dataAccountNames: {
    name: name
  }
]

resource tableServices 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' existing = [
  for (name, index) in dataAccountNames: {
    parent: dataAccounts[index]
    name: 'default'
  }
]

// Who changed a row: the app's identity, or a person with a right of their own.
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for (name, index) in dataAccountNames: if (tableAudit) {
    scope: tableServices[index]
    name: 'audit'
    properties: {
      workspaceId: workspace.id
      logs: [
        {
          category: 'StorageWrite'
          enabled: true
        }
        {
          category: 'StorageDelete'
          enabled: true
        }
      ]
    }
  }
]

output workspaceId string = workspace.id
output insightsId string = insights.id
output insightsName string = insights.name
output insightsConnectionString string = insights.properties.ConnectionString
