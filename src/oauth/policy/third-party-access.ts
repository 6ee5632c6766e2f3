/** Third-party access, on or off. */
import { passes, type Rule } from './matter.ts';

/** Nothing ends by it: what services have works again when it is on, unless it has ended meanwhile. */
export const thirdPartyAccess: Rule = ({ policy }) =>
  policy.thirdPartyAccess === 'on'
    ? passes('third-party access is on')
    : { outcome: 'refuses', reason: 'policy_access_paused', because: 'third-party access is off, for every service' };
