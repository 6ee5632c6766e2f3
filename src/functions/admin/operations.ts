/** Every operation of the admin API, in one table. */
import { clientOperations } from './apps.ts';
import { auditOperations } from './audit.ts';
import { authorizationOperations } from './authorizations.ts';
import { catalogueOperations } from './catalogue.ts';
import { deploymentOperations } from './deployment.ts';
import { endingOperations } from './endings.ts';
import { notBeforeOperations } from './not-before.ts';
import type { Operation } from './operation.ts';
import { operatorRequestOperations } from './operator-requests.ts';
import { peopleOperations } from './people.ts';
import { policyOperations } from './policy.ts';
import { registrationTokenOperations } from './registration-tokens.ts';
import { serviceRuleOperations } from './service-rules.ts';
import { serviceOperations } from './services.ts';
import { tryPolicyOperations } from './try-policy.ts';

export const operations: readonly Operation[] = [
  ...clientOperations,
  ...registrationTokenOperations,
  ...notBeforeOperations,
  ...policyOperations,
  ...tryPolicyOperations,
  ...serviceRuleOperations,
  ...catalogueOperations,
  ...operatorRequestOperations,
  ...serviceOperations,
  ...peopleOperations,
  ...authorizationOperations,
  ...endingOperations,
  ...auditOperations,
  ...deploymentOperations,
];
