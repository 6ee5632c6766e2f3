// Three identities: what one's token opens, the others' must not. Storage takes a token for any account that its holder has
// a right on, so a token for the tables must not be good for the package; and Entra trusts the third to sign users in.
param location string
param resourceToken string
param tags object

resource hostIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-host-${resourceToken}'
  location: location
  tags: tags
}

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

output hostIdentityId string = hostIdentity.id
output hostClientId string = hostIdentity.properties.clientId
output hostPrincipalId string = hostIdentity.properties.principalId
output dataIdentityId string = dataIdentity.id
output dataClientId string = dataIdentity.properties.clientId
output dataPrincipalId string = dataIdentity.properties.principalId
output signInIdentityId string = signInIdentity.id
output signInClientId string = signInIdentity.properties.clientId
output signInPrincipalId string = signInIdentity.properties.principalId
