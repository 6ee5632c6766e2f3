/** Whether the person at the browser is the one whom the service means. */
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { readHint } from './read-hint.ts';

/**
 * True unless the request names another person, by `id_token_hint` (OpenID Connect Core §3.1.2.1) or by a value of the claim
 * `sub` (§5.5.1). Throws `invalid_request` for a hint that is no ID token of ours for this client, `Unavailable`.
 */
export const isExpectedPerson = async (
  { client, openid }: AuthorizationRequest,
  session: Session | undefined,
  server: Server,
): Promise<boolean> => {
  const named = openid?.claims.subjects ?? [];
  const text = openid?.idTokenHint;
  const hinted = text === undefined ? undefined : (await readHint(text, client.clientId, server)).subject;
  if (session === undefined || (hinted === undefined && named.length === 0)) return true;
  const subject = subjectFor(client, session.userKey, await server.keys());
  return (hinted === undefined || hinted === subject) && (named.length === 0 || named.includes(subject));
};
