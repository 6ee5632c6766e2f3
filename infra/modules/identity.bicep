// Two identities, because Entra trusts the second one to sign users in: it must be good for nothing else.
param location string
param resourceToken string
param tags object

resource dataIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-data-${resourceToken}'
  location: location
  tags: tags
}

resource signInIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-sign-in-${resourceToken}'
  location: location
  tags: tags
}

output dataIdentityId string = dataIdentity.id
output dataClientId string = dataIdentity.properties.clientId
output dataPrincipalId string = dataIdentity.properties.principalId
output signInIdentityId string = signInIdentity.id
output signInClientId string = signInIdentity.properties.clientId
output signInPrincipalId string = signInIdentity.properties.principalId
