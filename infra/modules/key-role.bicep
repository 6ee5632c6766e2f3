// A role with nothing but what src/signing calls. Defined at the subscription: one that only the resource group could hold
// would outlive it without a home.
targetScope = 'subscription'

param id string
param roleName string

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: id
  properties: {
    roleName: roleName
    description: 'Reads a key and its versions, and signs with it.'
    type: 'CustomRole'
    assignableScopes: [subscription().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
        notDataActions: []
      }
    ]
  }
}
