// A vault with a key that signs and, in the first one, the key that wraps the deployment's secret. The versions of the first are the rotation:
// src/signing decides which one signs.
param location string
param resourceToken string
param tags object
param signingAlgorithm string
param hsmBackedKey bool
param purgeProtection bool
param publicAccess bool
@description('Empty for the first vault, whose name has no more than the token.')
param label string
@description('Whether it holds the wrapping key as well: the first one does.')
param wraps bool
param locked bool

var elliptic = signingAlgorithm == 'ES256'
var softwareType = elliptic ? 'EC' : 'RSA'
var hardwareType = elliptic ? 'EC-HSM' : 'RSA-HSM'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: empty(label) ? 'kv-${resourceToken}' : 'kv-${resourceToken}-${label}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: hsmBackedKey ? 'premium' : 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Absent rather than false: Key Vault refuses false where it was true once.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: publicAccess ? 'None' : 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

// Resource Manager creates a key that is not there and leaves one that is untouched: a changed policy here reaches new
// deployments only (infra/README.md says how to change it on a live one).
resource signingKey 'Microsoft.KeyVault/vaults/keys@2026-02-01' = {
  parent: vault
  // Another algorithm needs another key, and a key's type cannot change: so the type is part of an EC key's name.
  name: elliptic ? 'assent-signing-ec' : 'assent-signing'
  tags: tags
  properties: {
    kty: hsmBackedKey ? hardwareType : softwareType
    keySize: elliptic ? null : 2048
    curveName: elliptic ? 'P-256' : null
    keyOps: ['sign', 'verify']
    attributes: {
      enabled: true
      exportable: false
    }
    rotationPolicy: {
      // A version lives for two rotations and more: the old one stays in the JWKS as long as its tokens live.
      attributes: { expiryTime: 'P1Y' }
      lifetimeActions: [
        {
          action: { type: 'rotate' }
          trigger: { timeAfterCreate: 'P90D' }
        }
        {
          action: { type: 'notify' }
          trigger: { timeBeforeExpiry: 'P30D' }
        }
      ]
    }
  }
}

// src/signing/deployment-secret.ts. No rotation policy: what was wrapped names its version, and one that nobody can use any
// more takes every derived key with it.
resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2026-02-01' = if (wraps) {
  parent: vault
  name: 'assent-wrapping'
  tags: tags
  properties: {
    kty: hsmBackedKey ? 'RSA-HSM' : 'RSA'
    keySize: 2048
    keyOps: ['wrapKey', 'unwrapKey']
    attributes: {
      enabled: true
      exportable: false
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: vault
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Its keys are in every token and in the deployment\'s secret.'
  }
}

output id string = vault.id
output name string = vault.name
output keyName string = signingKey.name
output signingKeyUrl string = '${vault.properties.vaultUri}keys/${signingKey.name}'
output wrappingKeyName string = 'assent-wrapping'
output wrappingKeyUrl string = '${vault.properties.vaultUri}keys/assent-wrapping'
