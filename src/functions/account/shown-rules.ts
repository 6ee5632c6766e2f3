/** What operators rule of something that a person authorized, as far as their page says it. */
import { matterOf } from '../../flows/policy/held.ts';
import type { Family } from '../../oauth/grants/family.ts';
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import type { Matter, PolicyReason } from '../../oauth/policy/matter.ts';
import type { OperatorRequest } from '../../oauth/policy/operator-request.ts';
import { rulingOn } from '../../oauth/policy/verdicts.ts';
import type { Server } from '../../server.ts';

/** Why all of it stands still: `ask again` until the person approves once more. */
type Stop = 'off' | 'blocked' | 'unlisted' | 'sign in' | 'ask again';

/** Permissions are in the form of `permissionsAt`. */
export type ShownRules = {
  readonly stop: Stop | undefined;
  /** Not given for the time being. */
  readonly withheld: readonly string[];
  /** Asked of operators, who have not decided. */
  readonly waiting: readonly string[];
  /** Never asked of the person: approved for everyone. */
  readonly forEveryone: readonly string[];
};

const stops: Readonly<Record<PolicyReason, Stop>> = {
  policy_access_off: 'off',
  policy_access_paused: 'off',
  policy_client_blocked: 'blocked',
  policy_client_unlisted: 'unlisted',
  policy_sign_in_level: 'sign in',
  policy_sign_in_too_old: 'sign in',
  policy_authorization_too_old: 'ask again',
  policy_no_longer_approved: 'ask again',
  policy_needs_operator_itself: 'ask again',
  policy_needs_operator: 'ask again',
};

/** What a person has asked of operators. Costs one read where something needs them, and none otherwise. Throws `Unavailable`. */
export const requestsOf = async (userKey: Buffer, server: Server): Promise<readonly OperatorRequest[]> => {
  const { needsOperator } = await server.policy();
  if (needsOperator.length === 0) return [];
  const requests = await server.store.operatorRequests.ofPerson(userKey);
  return requests.filter(({ state }) => state === 'waiting');
};

type Judged = { readonly grant: StoredGrant; readonly live: readonly Family[] };

/** Costs no more than the service's rule, where there are any. Throws `Unavailable`. */
export const rulesOn = async (
  { grant, live }: Judged,
  requests: readonly OperatorRequest[],
  server: Server,
): Promise<ShownRules> => {
  const matters = await Promise.all(live.map((family) => matterOf(family, server)));
  const rulings = matters.map(rulingOn);
  const refusals = rulings.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  const everything = refusals.length === live.length ? refusals[0] : undefined;
  const refusal = live.length === 0 ? rulingOn(await restingMatter(grant, server)).refusal : everything;
  const going = rulings.filter((one) => one.refusal === undefined);
  const asked = requests.find(({ clientId }) => clientId === grant.clientId);
  return {
    stop: refusal === undefined ? undefined : stops[refusal],
    withheld: [...new Set(going.flatMap(({ withheld }) => withheld))],
    waiting: asked?.permissions ?? [],
    forEveryone: grant.byOperator.filter((one) => grant.permissions.includes(one)),
  };
};

/** Of what is not connected: what depends on how the person signs in is decided when they do. */
const restingMatter = async (grant: StoredGrant, server: Server): Promise<Matter> => {
  const [policy, rule] = await Promise.all([server.policy(), server.store.policies.ruleOf(grant.clientId)]);
  return {
    policy: { ...policy, needsOperator: [], signIn: { acr: [], maxAgeSeconds: undefined } },
    rule,
    now: server.clock(),
    permissions: grant.permissions,
    requested: [],
    byOperator: [],
    signIn: { authTime: undefined, acr: undefined, sessionAt: grant.sessionAt },
    approvedAt: grant.consentAt,
    resources: server.resources,
  };
};
