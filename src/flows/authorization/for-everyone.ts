/** What operators have approved for everyone, as an answer without the person. */
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { base64url } from '../../oauth/crypto.ts';
import { usualLasting } from '../../oauth/grants/lasting.ts';
import { isForEveryone } from '../../oauth/policy/approved-for-everyone.ts';
import type { Server } from '../../server.ts';
import { approvedCode } from './issue-code.ts';
import { reachesClient } from './remembered.ts';
import { type SeenGrant, snapshotOf } from './seen-grant.ts';

/**
 * A code for all that is asked for, where a rule approves it for everyone; undefined where the person must be asked. That is so
 * for whoever took it back or left a part of it out before, for details (RFC 9396), which are approved one by one, and where
 * the answer could reach somebody else than the service.
 */
export const codeForEveryone = async (
  asked: AuthorizationRequest,
  { session, seen }: { readonly session: Session; readonly seen: SeenGrant },
  server: Server,
): Promise<string | undefined> => {
  const { client, permissions, details } = asked;
  const rule = await server.store.policies.ruleOf(client.clientId);
  if (!isForEveryone({ rule, permissions }) || details !== undefined || !reachesClient(asked)) return undefined;
  if (seen.stored?.revoked === true || permissions.some((one) => seen.stored?.declined.includes(one))) return undefined;
  const approval = {
    request: asked.digest,
    shown: asked.shownDigest,
    grant: snapshotOf(seen),
    nonce: base64url(server.random(16)),
    issuedAt: server.clock(),
  };
  const answer = { scopes: asked.scopes, lasting: usualLasting };
  const approved = await approvedCode(asked, { session, approval, answer, isForEveryone: true }, server);
  return approved.result === 'issued' ? approved.code : undefined;
};
