/** What the rules make of a service that asks a person. */
import { signsIn } from '../../oauth/access/openid-scopes.ts';
import { approvedTarget } from '../../oauth/access/target.ts';
import { isWithdrawn } from '../../oauth/access/withdrawn.ts';
import { type Asked, askedOf } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { needing, unapproved } from '../../oauth/policy/needs-operator.ts';
import type { OperatorRequest } from '../../oauth/policy/operator-request.ts';
import type { Server } from '../../server.ts';

export type RuledAsking<A extends Asked> = {
  /** Without what an operator would have to approve first; with all of it where the rest is nothing, or of no use. */
  readonly asked: A;
  /** What an operator would have to approve first (`permissionsAt`). */
  readonly missing: readonly string[];
  /** True if `asked` holds anything beside that. */
  readonly hasMore: boolean;
  /** What became of the person's request for that. */
  readonly request: OperatorRequest | undefined;
};

/** Costs one read where something needs an operator's approval, and none otherwise. Throws `Unavailable`. */
export const ruledAsking = async <A extends Asked>(
  asked: A,
  session: Session,
  server: Server,
): Promise<RuledAsking<A>> => {
  const { permissions } = asked;
  const { resources } = server;
  const { clientId } = asked.client;
  const policy = await server.policy();
  if (needing({ policy, permissions, resources }).length === 0)
    return { asked, missing: [], hasMore: true, request: undefined };
  const [rule, request] = await Promise.all([
    server.store.policies.ruleOf(clientId),
    server.store.operatorRequests.read(session.userKey, clientId),
  ]);
  const requested = request?.approved ?? [];
  const missing = unapproved({ policy, rule, permissions, requested, resources });
  const ruled = { ...asked, operatorApproved: requested };
  return { ...without(ruled, missing, server), missing, request };
};

const without = <A extends Asked>(
  asked: A,
  missing: readonly string[],
  { resources }: Server,
): Pick<RuledAsking<A>, 'asked' | 'hasMore'> => {
  if (missing.length === 0) return { asked, hasMore: true };
  const scopes = asked.scopes.filter((scope) => !isWithdrawn(scope, missing, asked));
  // What a request to sign in gets without `openid` is not defined (OpenID Connect Core §3.1.2.1): the service would fail at it.
  const isOfNoUse = signsIn(asked.scopes) && !signsIn(scopes);
  if (isOfNoUse || (scopes.length === 0 && asked.details === undefined)) return { asked, hasMore: false };
  const { client, parameters, digest } = asked;
  const rest = askedOf(approvedTarget(asked, scopes, resources), { client, parameters, digest }, resources);
  return { asked: { ...asked, ...rest }, hasMore: true };
};
