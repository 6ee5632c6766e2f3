/** Who administers? A client, or a person, with a token meant for here. */
import { personByToken } from '../../flows/operators/person-token.ts';
import { isAlive, verifyOwnToken } from '../../flows/token/find-token.ts';
import type { Incoming } from '../../http/request.ts';
import type { Principal } from '../../oauth/access/principal.ts';
import { adminResource, adminScope, auditScope } from '../../oauth/access/resources.ts';
import type { Role } from '../../oauth/authorization/session.ts';
import { peekedAt } from '../../oauth/clients/signed-by-client.ts';
import { OAuthError, type ReasonOf } from '../../oauth/errors.ts';
import { presentedTokenIn } from '../../oauth/tokens/bearer.ts';
import type { Server } from '../../server.ts';

/** A token with a second audience may come from that one. */
const isOnly = (wanted: string, all: readonly string[]): boolean => all.length === 1 && all[0] === wanted;

const invalidToken = (reason: ReasonOf<'invalid_token'>): OAuthError =>
  new OAuthError(reason, 'the token is not valid here');

const roleIn = (scopes: readonly string[]): Role => {
  if (scopes.includes(adminScope)) return 'operator';
  if (scopes.includes(auditScope)) return 'auditor';
  throw new OAuthError('bearer_token_scope', `${adminScope} or ${auditScope} is required`);
};

/** By a token of ours, or of the sign-in provider. Throws `invalid_token`, `insufficient_scope` (RFC 6750 §3.1), `Unavailable`. */
export const authenticate = async (request: Incoming, server: Server): Promise<Principal> => {
  const { text } = presentedTokenIn(request.header('authorization'), undefined);
  const claimed = peekedAt(text);
  const isOfProvider = claimed !== undefined && claimed.claims.iss === server.config.signIn.issuer;
  return isOfProvider ? personByToken({ ...claimed, text }, server) : clientByToken(text, request, server);
};

/**
 * The token alone is not enough: the client's row must
 * still say that it may administer, and no not-before instant may have been set since, on whatever instance: both work at
 * once, because the secrets and clients that a stolen token could make would outlive what voids the token.
 */
const clientByToken = async (text: string, request: Incoming, server: Server): Promise<Principal> => {
  const token = await verifyOwnToken(text, server);
  const audience = adminResource(server.config.issuer).identifier;
  // A person's token has a family; nobody administers in a person's name. One that is bound to a key needs a proof.
  if (
    token === undefined ||
    token.jkt !== undefined ||
    token.sessionId !== undefined ||
    !isOnly(audience, token.audience)
  )
    throw invalidToken('bearer_token_unknown');
  request.clientId = token.clientId;
  const role = roleIn(token.scopes);
  const client = await server.store.clients.read(token.clientId);
  await server.store.deployment.notBefore.refresh();
  const isGood =
    client?.isOperator === true && (await isAlive({ kind: 'access token', token, family: undefined }, server));
  if (!isGood) throw invalidToken('bearer_token_not_alive');
  return { role, by: 'client', id: client.clientId, name: client.name };
};
