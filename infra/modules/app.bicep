// The Functions app on Flex Consumption. Its settings are what src/config.ts reads plus platform-settings.json.
param location string
param resourceToken string
param tags object
param brandName string
param resourceServers array
param operators string
param entraClientId string
param signingAlgorithm string
param settings string
param instanceMemoryMB int
param alwaysReadyInstances int
param maximumInstances int
param zoneRedundant bool
param customDomain string
param subnetId string
param dataIdentityId string
param dataClientId string
param signInIdentityId string
param signInClientId string
param tablesUrl string
param hostBlobUrl string
param packageContainerUrl string
param signingKeyUrl string
param wrappingKeyUrl string
param insightsConnectionString string

// Zones need two instances at least.
var readyInstances = zoneRedundant ? max(2, alwaysReadyInstances) : alwaysReadyInstances

// The audience of a workload's token in each cloud, as Entra names it.
var audiences = {
  AzureCloud: 'api://AzureADTokenExchange'
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov'
  AzureChinaCloud: 'api://AzureADTokenExchangeChina'
}
var audience = audiences[environment().name]

// Their defaults live in config.ts alone: an empty setting means "not set" there.
var tunableNames = loadJsonContent('../tunable-settings.json')
var pairs = filter(split(settings, ','), pair => contains(pair, '='))
var given = toObject(pairs, pair => trim(split(pair, '=')[0]), pair => trim(split(pair, '=')[1]))
var tunables = toObject(tunableNames, name => name, name => given[?name] ?? '')

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${resourceToken}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${resourceToken}'
  location: location
  // The second tag is how azd finds what to deploy the service `server` to.
  tags: union(tags, { 'azd-service-name': 'server' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${dataIdentityId}': {}
      '${signInIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      runtime: {
        name: 'node'
        version: '24'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: dataIdentityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: readyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: readyInstances
              }
            ]
      }
    }
  }
}

var platformUrl = 'https://${site.properties.defaultHostName}'
var issuer = empty(customDomain) ? platformUrl : 'https://${customDomain}'

// The one owner of the app's settings: a value set by hand in the portal is gone after the next provision.
resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: site
  name: 'appsettings'
  properties: union(tunables, {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: dataClientId
    AzureWebJobsStorage__blobServiceUri: hostBlobUrl
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${dataClientId};Authorization=AAD'
    ISSUER: issuer
    BRAND_NAME: brandName
    TABLES_URL: tablesUrl
    SIGNING_KEYS: signingKeyUrl
    WRAPPING_KEY: wrappingKeyUrl
    SIGNING_ALGORITHM: signingAlgorithm
    DATA_IDENTITY_CLIENT_ID: dataClientId
    SIGN_IN_ISSUER: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    // Without an application nobody can sign in yet, but the server must start: services and the smoke test need it.
    SIGN_IN_CLIENT_ID: empty(entraClientId) ? '00000000-0000-0000-0000-000000000000' : entraClientId
    SIGN_IN_IDENTITY_CLIENT_ID: signInClientId
    SIGN_IN_ASSERTION_SCOPE: '${audience}/.default'
    SIGN_IN_SUBJECT_CLAIM: 'oid'
    OPERATORS: operators
    RESOURCES: string(resourceServers)
  })
}

output name string = site.name
output issuer string = issuer
output platformUrl string = platformUrl
output signInAudience string = audience
