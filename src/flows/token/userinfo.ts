/** What the holder of an access token may know of the person behind it (OpenID Connect Core §5.3). */
import { claimsOfScopes, toldClaims } from '../../oauth/access/identity-claims.ts';
import { signsIn } from '../../oauth/access/openid-scopes.ts';
import type { Client } from '../../oauth/clients/client.ts';
import type { DpopProof } from '../../oauth/dpop/proof.ts';
import { OAuthError, type ReasonOf } from '../../oauth/errors.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { type PresentedToken, requireHolder } from '../../oauth/tokens/bearer.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { findToken, isAlive, scopesLeft } from './find-token.ts';
import { signedFor } from './issue.ts';

type Claims = Readonly<Record<string, unknown>>;

const invalidToken = (reason: ReasonOf<'invalid_token'>): OAuthError =>
  new OAuthError(reason, 'the token is not valid here');

/**
 * The claims, or the JWT of them that the client registered for (§5.3.2). Costs one read. `onClient` is told whose token it
 * is, for the log. Throws `invalid_token`, `insufficient_scope`, `too_many_requests`, `Unavailable`.
 */
export const userinfoOf = async (
  { presented, proof }: { readonly presented: PresentedToken; readonly proof: DpopProof | undefined },
  server: Server,
  onClient: (clientId: string) => void,
): Promise<{ readonly claims: Claims } | { readonly signed: string }> => {
  const found = await findToken(presented.text, server);
  if (found?.kind !== 'access token') throw invalidToken('bearer_token_unknown');
  const { token, family } = found;
  onClient(token.clientId);
  requireHolder(token, presented, proof);
  const client = await server.clients.resolve(token.clientId);
  if (client === undefined || !(await isAlive(found, server))) throw invalidToken('bearer_token_not_alive');
  // The person may have narrowed the authorization since, and operators may rule.
  const scopes = await scopesLeft(found, server);
  if (family === undefined || !signsIn(scopes)) throw new OAuthError('bearer_token_scope', 'openid is required');
  const claims = { sub: subjectFor(client, family.address.userKey, await server.keys()), ...claimsOf(family, scopes) };
  return client.userinfoAlgorithm === undefined ? { claims } : { signed: await signedUserinfo(claims, client, server) };
};

const claimsOf = ({ person, openid }: Family, scopes: readonly string[]): Claims => {
  const whole = scopes.filter((scope) => openid?.impliedScopes.includes(scope) !== true);
  return toldClaims(person, [...claimsOfScopes(whole), ...(openid?.userinfoClaims ?? [])], scopes);
};

/** §5.3.2: signed, it says who it is from and for. */
const signedUserinfo = (claims: Claims, client: Client, server: Server): Promise<string> =>
  signedFor(
    client,
    { ...claims, iss: server.config.issuer, aud: client.clientId },
    {
      server,
      algorithm: client.userinfoAlgorithm,
    },
  );
