// Only where people get mails: Azure Communication Services with a sender's domain of Azure's own, and the app's right to send.
param resourceToken string
param tags object
param dataLocation string
param dataPrincipalId string

// Communication and Email Service Owner: there is no role for sending alone.
var mailSender = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '09976791-48a7-449e-bb21-39d1a415f350'
)

resource emailService 'Microsoft.Communication/emailServices@2023-04-01' = {
  name: 'mail-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
  }
}

resource domain 'Microsoft.Communication/emailServices/domains@2023-04-01' = {
  parent: emailService
  name: 'AzureManagedDomain'
  location: 'global'
  tags: tags
  properties: {
    domainManagement: 'AzureManaged'
    userEngagementTracking: 'Disabled'
  }
}

resource communication 'Microsoft.Communication/communicationServices@2023-04-01' = {
  name: 'acs-${resourceToken}'
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    linkedDomains: [domain.id]
  }
}

// src/outbound/mail.ts: sends, and asks what became of it.
resource appOnMail 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communication
  name: guid(communication.id, dataPrincipalId, mailSender)
  properties: {
    roleDefinitionId: mailSender
    principalId: dataPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output endpoint string = 'https://${communication.properties.hostName}'
output sender string = 'DoNotReply@${domain.properties.fromSenderDomain}'
