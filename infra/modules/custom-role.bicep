// A role with nothing but what the app does with a signing key and with the audit; on each of the two, the other half means
// nothing. Defined at the subscription: one that only the resource group could hold would outlive it without a home.
targetScope = 'subscription'

param id string
param roleName string

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: id
  properties: {
    roleName: roleName
    description: 'Reads a key and its versions, and signs with it. Reads a table and adds rows to it.'
    type: 'CustomRole'
    assignableScopes: [subscription().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/sign/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          // Insert alone: a row that is there can be neither changed nor deleted.
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
        ]
        notDataActions: []
      }
    ]
  }
}
