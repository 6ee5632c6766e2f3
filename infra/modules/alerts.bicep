// What should wake somebody. Deployed only with a recipient, since every rule is billed.
param location string
param resourceToken string
param tags object
param alertEmail string
param workspaceId string
param insightsId string
param issuer string
param vaultIds array

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'assent'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// Each query returns rows only when something is wrong; the rule fires on the first.
var rules = [
  {
    name: 'server-errors'
    title: 'More than 1 % of requests fail with a server error'
    severity: 1
    query: loadTextContent('../queries/server-errors.kql')
    window: 'PT15M'
  }
  {
    name: 'token-latency'
    title: 'One token in twenty takes longer than two seconds'
    severity: 2
    query: loadTextContent('../queries/token-latency.kql')
    window: 'PT15M'
  }
  {
    name: 'replays'
    title: 'A used code or an old refresh token was presented again'
    severity: 1
    query: loadTextContent('../queries/replays.kql')
    window: 'PT15M'
  }
  {
    name: 'sign-in-failures'
    title: 'Sign-ins fail'
    severity: 2
    query: loadTextContent('../queries/sign-in-failures.kql')
    window: 'PT15M'
  }
  {
    name: 'unavailable'
    title: 'Storage, vault or sign-in provider was away'
    severity: 1
    query: loadTextContent('../queries/unavailable.kql')
    window: 'PT15M'
  }
  {
    name: 'signing'
    title: 'Keys do not sign as they should'
    severity: 1
    query: loadTextContent('../queries/signing.kql')
    window: 'PT15M'
  }
  {
    name: 'purge'
    title: 'Nothing was cleaned up for an hour'
    severity: 2
    query: loadTextContent('../queries/purge.kql')
    window: 'PT1H'
  }
  {
    name: 'admin-changes'
    title: 'An operator changed something'
    severity: 3
    query: loadTextContent('../queries/admin-changes.kql')
    window: 'PT15M'
  }
  {
    name: 'log-cap'
    title: 'The daily cap is reached: no log, and no alert on logs, until midnight'
    severity: 1
    query: loadTextContent('../queries/log-cap.kql')
    window: 'PT1H'
  }
  {
    name: 'secret-expiry'
    title: 'A service uses a secret that expires soon, or has expired'
    severity: 3
    query: loadTextContent('../queries/secret-expiry.kql')
    window: 'PT15M'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${resourceToken}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Assent: ${rule.title}'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      // A new workspace has no tables yet, which validation would call an error.
      skipQueryValidation: true
      evaluationFrequency: 'PT15M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: [operators.id] }
    }
  }
]

// From outside, since a server that is gone logs nothing. `code` makes the Functions host read its keys, as it does for every
// callback from the sign-in provider: without its own storage it fails there while the app is well.
resource availability 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready-${resourceToken}'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'ready-${resourceToken}'
    Name: 'Assent is ready'
    Enabled: true
    Kind: 'standard'
    Frequency: 900
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'us-va-ash-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: {
      RequestUrl: '${issuer}/readyz?code=probe'
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource outage 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-outage-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Two of three places find that the server is not ready, or that its certificate ends within two weeks.'
    severity: 0
    enabled: true
    autoMitigate: true
    scopes: [availability.id, insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availability.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: operators.id }]
  }
}

// Key Vault allows about 400 signatures a second; past that, tokens are refused with 503.
resource vaultThrottling 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (vaultId, index) in vaultIds: {
    name: index == 0 ? 'alert-vault-throttling-${resourceToken}' : 'alert-vault-throttling-${resourceToken}-${index + 1}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Key Vault refuses signatures: the ceiling of one vault is reached.'
      severity: 1
      enabled: true
      autoMitigate: true
      scopes: [vaultId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'throttled'
            metricNamespace: 'Microsoft.KeyVault/vaults'
            metricName: 'ServiceApiResult'
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [
              {
                name: 'StatusCode'
                operator: 'Include'
                values: ['429']
              }
            ]
          }
        ]
      }
      actions: [{ actionGroupId: operators.id }]
    }
  }
]
