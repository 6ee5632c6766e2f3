// What should wake somebody. Deployed only with a recipient, since every rule is billed.
param location string
param resourceToken string
param tags object
param alertEmail string
param workspaceId string
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
  }
  {
    name: 'token-latency'
    title: 'One token in twenty takes longer than two seconds'
    severity: 2
    query: loadTextContent('../queries/token-latency.kql')
  }
  {
    name: 'replays'
    title: 'A used code or an old refresh token was presented again'
    severity: 1
    query: loadTextContent('../queries/replays.kql')
  }
  {
    name: 'sign-in-failures'
    title: 'Sign-ins fail'
    severity: 2
    query: loadTextContent('../queries/sign-in-failures.kql')
  }
  {
    name: 'secret-expiry'
    title: 'A service uses a secret that expires soon, or has expired'
    severity: 3
    query: loadTextContent('../queries/secret-expiry.kql')
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
      windowSize: 'PT15M'
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
