/** Whether the person at the browser is the one whom the service means. */
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { verifyIdTokenHint } from '../../oauth/tokens/id-token-hint.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';

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
  const hinted = openid?.idTokenHint && (await hintedSubject(openid.idTokenHint, client.clientId, server));
  if (session === undefined || (hinted === undefined && named.length === 0)) return true;
  const subject = subjectFor(client, session.userKey, await server.keys());
  return (hinted === undefined || hinted === subject) && (named.length === 0 || named.includes(subject));
};

const hintedSubject = async (text: string, clientId: string, server: Server): Promise<string> => {
  const { issuer, signing } = server.config;
  const keys = await server.signer.publicKeys();
  const hint = await verifyIdTokenHint(text, { issuer, keys, algorithms: signing.algorithms });
  if (hint === undefined || !hint.clientIds.includes(clientId))
    throw new OAuthError('id_token_hint_unknown', 'id_token_hint must be an ID token that this client got here');
  return hint.subject;
};
