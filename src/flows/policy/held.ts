/** What the rules make of what a service has already: an authorization session, or an access token. */
import { isIdentityScope } from '../../oauth/access/openid-scopes.ts';
import { isOurOwn, isSameResource, type Resource } from '../../oauth/access/resources.ts';
import { permissionsAt, type Target } from '../../oauth/access/target.ts';
import { isWithdrawn } from '../../oauth/access/withdrawn.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { isVouchedFor } from '../../oauth/clients/registrant.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Family } from '../../oauth/grants/family.ts';
import type { Matter, PolicyReason } from '../../oauth/policy/matter.ts';
import { unapproved } from '../../oauth/policy/needs-operator.ts';
import { type Ruling, rulingOn } from '../../oauth/policy/verdicts.ts';
import type { AccessToken } from '../../oauth/tokens/access-token.ts';
import type { Server } from '../../server.ts';
import { requireAccessOn } from './service.ts';

/** What the rules are asked about a session. Costs no transaction but, once a minute and instance, the read of the service's rule where there are any. `Unavailable`. */
export const matterOf = async (family: Family, server: Server): Promise<Matter> => {
  const [policy, rule] = await Promise.all([server.policy(), server.store.policies.ruleOf(family.clientId)]);
  const { authTime, acr, sessionAt, consentAt, operatorApproved = [], byOperator = [] } = family;
  return {
    policy,
    rule,
    now: server.clock(),
    permissions: permissionsAt(family, server.resources),
    requested: operatorApproved,
    byOperator,
    signIn: { authTime, acr, sessionAt },
    approvedAt: consentAt,
    resources: server.resources,
  };
};

/** What the rules make of it. Costs as much. */
export const rulingOnFamily = async (family: Family, server: Server): Promise<Ruling> =>
  rulingOn(await matterOf(family, server));

const descriptions: Readonly<Record<PolicyReason, string>> = {
  policy_access_off: 'the operators of this server have switched off access for services',
  policy_access_paused: 'the operators of this server have switched off access for services',
  policy_client_blocked: 'an operator has blocked this service',
  policy_client_unlisted: 'an operator must allow this service first',
  policy_sign_in_level: 'the person must sign in again, in another way',
  policy_sign_in_too_old: 'the person must sign in again',
  policy_authorization_too_old: 'the person must approve again',
  policy_no_longer_approved: 'the person must be asked',
  policy_needs_operator_itself: 'an operator must approve this first',
  policy_needs_operator: 'an operator must approve this first',
};

export const refusedBy = (reason: PolicyReason): OAuthError => new OAuthError(reason, descriptions[reason]);

/** Throws what the rules refuse the session with. */
export const requireRuling = ({ refusal }: Ruling): void => {
  if (refusal !== undefined) throw refusedBy(refusal);
};

/** The client as it may act for this session: without the scopes that are withheld from it. */
export const within = <C extends { readonly scopes: readonly string[] }>(
  client: C,
  { withheld }: Ruling,
  family: Pick<Family, 'resources' | 'scopes'>,
): C => {
  if (withheld.length === 0) return client;
  const isLeft = (scope: string): boolean => !isWithdrawn(scope, withheld, family);
  // Those of OpenID Connect are in no registration.
  const withheldOfOpenid = family.scopes.filter((scope) => isIdentityScope(scope) && !isLeft(scope));
  return { ...client, scopes: client.scopes.filter(isLeft), withheld: withheldOfOpenid };
};

/** Throws unless the rules let the service have this for itself: what its operators registered it for is approved by that. */
export const requireOwnTarget = async (client: Client, target: Target, server: Server): Promise<void> => {
  if (isForAdministration(target.resources, server.resources)) return;
  await requireAccessOn('service', server);
  if (isVouchedFor(client)) return;
  const [policy, rule] = await Promise.all([server.policy(), server.store.policies.ruleOf(client.clientId)]);
  const { resources } = server;
  const permissions = permissionsAt(target, resources);
  if (unapproved({ policy, rule, permissions, requested: [], resources }).length > 0)
    throw refusedBy('policy_needs_operator_itself');
};

/** True while the rules let a service use a token of its own; the admin API's are judged by its client. `Unavailable`. */
export const isOwnTokenAllowed = async ({ clientId, audience }: AccessToken, server: Server): Promise<boolean> =>
  isForAdministration(audience, server.resources)
    ? (await server.store.policies.ruleOf(clientId))?.kind !== 'blocked'
    : isServiceAllowed(clientId, server);

/** True while the rules let the service act, whoever for. `Unavailable`. */
export const isServiceAllowed = async (clientId: string, server: Server): Promise<boolean> => {
  const [policy, rule] = await Promise.all([server.policy(), server.store.policies.ruleOf(clientId)]);
  if (policy.thirdPartyAccess === 'off' || rule?.kind === 'blocked') return false;
  return rule !== undefined || policy.otherClients === 'allowed';
};

/** True of what is for the admin API and nothing else: it must go on, or nobody could take a rule back. */
const isForAdministration = (audience: readonly string[], known: readonly Resource[]): boolean =>
  audience.length > 0 &&
  audience.every((name) => known.some((one) => isOurOwn(one) && isSameResource(one.identifier, name)));
