/** What operators rule: read, look ahead, change. Each change is in the audit before it is made. */
import { findResource, resourceKey } from '../../oauth/access/resources.ts';
import { requireVersion } from '../../oauth/access/version.ts';
import { ruledDetails } from '../../oauth/audit/ruled.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { isStorable } from '../../oauth/grants/grant.ts';
import { staleSeconds } from '../../oauth/grants/revocation.ts';
import { effectsOf, stopsEverything } from '../../oauth/policy/effects.ts';
import { approvedBy, type ClientRule, type Policy } from '../../oauth/policy/policy.ts';
import { effectsOfRule } from '../../oauth/policy/rule-effects.ts';
import { blockOf } from '../../oauth/tokens/revocation-list.ts';
import type { Server } from '../../server.ts';
import type { Acting } from './acting.ts';
import { type CountedEffect, counted } from './counted-effects.ts';

/** What is read, and under which tag of the store; the tag of what nobody has ever changed is a word. */
export type Versioned<Value> = { readonly value: Value; readonly tag: string };

const unchanged = 'never changed';

export const readPolicy = async ({ server }: Pick<Acting, 'server'>): Promise<Versioned<Policy>> => {
  const { policy, etag } = await server.store.policies.read();
  return { value: policy, tag: etag ?? unchanged };
};

/** What saving this would do. */
export const previewPolicy = async (
  after: Policy,
  { server }: Pick<Acting, 'server'>,
): Promise<readonly CountedEffect[]> => {
  requireKnown(after.needsOperator, server);
  const { policy: before } = await server.store.policies.read();
  return counted(effectsOf({ before, after, now: server.clock() }), server);
};

type Change<Value> = { readonly value: Value; readonly ifMatch: string };

/** Throws `invalid_request`, `precondition_failed`, `conflict`, `Unavailable`. */
export const replacePolicy = async (
  { value: after, ifMatch }: Change<Policy>,
  acting: Acting,
): Promise<Versioned<Policy>> => {
  const { server } = acting;
  requireKnown(after.needsOperator, server);
  const { policy: before, etag } = await server.store.policies.read();
  requireVersion(ifMatch, etag ?? unchanged);
  const details = ruledDetails({ before, after }, ({ needsOperator }) => needsOperator);
  await server.store.audit.record({ action: 'change policy', target: 'policy', actor: actorOf(acting), details });
  // Before it, so that nobody takes tokens that count no more.
  if (stopsEverything(before, after))
    await server.store.revocations.announce([{ kind: 'everyone', before: server.clock() + staleSeconds }]);
  if (!(await server.store.policies.replace(after, etag))) throw changedMeanwhile();
  server.log({ event: 'policy_changed', actor: acting.principal.id });
  return readPolicy(acting);
};

export const actorOf = ({ principal }: Acting) => ({ by: principal.role, id: principal.id }) as const;

const changedMeanwhile = (): OAuthError =>
  new OAuthError('rules_changed_meanwhile', 'somebody else changed it at the same time; read it and try again');

/** Throws `invalid_request` for a permission that no resource has, and for more than can be kept. */
export const requireKnown = (permissions: readonly string[], { resources }: Server): void => {
  for (const one of permissions) {
    const [identifier = '', scope = ''] = one.split(' ');
    if (findResource(identifier, resources)?.permissions.has(scope) !== true)
      throw new OAuthError('permission_unknown', 'a permission is not one of a resource that is configured');
  }
  if (!isStorable(permissions)) throw new OAuthError('permissions_too_many', 'these are too many permissions');
};

/** A resource's permission as rules name it (`permissionsAt`). */
export const ruledPermission = ({ resource, scope }: { readonly resource: string; readonly scope: string }): string =>
  `${resourceKey(resource)} ${scope}`;

/** The rule of a service; undefined where it has none. */
export type RuleOf = { readonly clientId: string; readonly rule: ClientRule | undefined };

export const readRule = async (clientId: string, { server }: Pick<Acting, 'server'>): Promise<Versioned<RuleOf>> => {
  const stored = await server.store.policies.readRule(clientId);
  return { value: { clientId, rule: stored?.rule }, tag: stored?.etag ?? unchanged };
};

/** What saving this rule would do. */
export const previewRule = async (
  { clientId, rule }: RuleOf,
  { server }: Pick<Acting, 'server'>,
): Promise<readonly CountedEffect[]> => {
  requireKnown(approvedBy(rule), server);
  const [before, { policy }, client] = await Promise.all([
    server.store.policies.readRule(clientId),
    server.store.policies.read(),
    server.clients.resolveForReading(clientId),
  ]);
  const change = { before: before?.rule, after: rule, policy, clientId };
  return counted(effectsOfRule(client?.name ?? clientId, change), server);
};

/** Throws `invalid_request`, `not_found`, `precondition_failed`, `conflict`, `Unavailable`. */
export const replaceRule = async (
  { value: { clientId, rule }, ifMatch }: Change<RuleOf>,
  acting: Acting,
): Promise<Versioned<RuleOf>> => {
  const { server, principal } = acting;
  requireKnown(approvedBy(rule), server);
  const before = await server.store.policies.readRule(clientId);
  requireVersion(ifMatch, before?.etag ?? unchanged);
  if (rule?.kind === 'blocked' && principal.by === 'client' && clientId === principal.id)
    throw new OAuthError('operator_blocks_itself', 'an operator cannot block itself');
  // What is blocked need not be there yet. What is approved must be what the operator means.
  if (rule?.kind === 'approved for everyone' && (await server.clients.resolve(clientId)) === undefined)
    throw new OAuthError('admin_client_unknown', 'there is no such client');
  const details = ruledDetails({ before: before?.rule, after: rule }, approvedBy);
  await server.store.audit.record({
    action: 'change client rule',
    target: clientId,
    actor: actorOf(acting),
    details,
  });
  if (loses(before?.rule, rule)) await server.store.revocations.announce([blockOf(clientId, server.clock())]);
  if (!(await server.store.policies.replaceRule(clientId, rule, before?.etag))) throw changedMeanwhile();
  server.log({ event: 'service_rule_changed', client_id: clientId, actor: principal.id });
  return readRule(clientId, acting);
};

/** True if tokens from before may say more than the service may do now. */
const loses = (before: ClientRule | undefined, after: ClientRule | undefined): boolean =>
  (after?.kind === 'blocked' && before?.kind !== 'blocked') ||
  (after === undefined && before !== undefined) ||
  !approvedBy(before).every((one) => approvedBy(after).includes(one));
