/** Is this an operator's client, with a token meant for here? */

import { isAlive, verifyOwnToken } from '../../flows/token/find-token.ts';
import type { Incoming } from '../../http/request.ts';
import { adminResource, adminScope } from '../../oauth/access/resources.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError, type ReasonOf } from '../../oauth/errors.ts';
import { presentedTokenIn } from '../../oauth/tokens/bearer.ts';
import type { Server } from '../../server.ts';

/** A token with a second audience may come from that one. */
const isOnly = (wanted: string, all: readonly string[]): boolean => all.length === 1 && all[0] === wanted;

const invalidToken = (reason: ReasonOf<'invalid_token'>): OAuthError =>
  new OAuthError(reason, 'the token is not valid here');

/**
 * Throws `invalid_token` or `insufficient_scope` (RFC 6750 §3.1). The token alone is not enough: the client's row must
 * still say that it is an operator, and no not-before instant may have been set since, on whatever instance: both work at
 * once, because the secrets and clients that a stolen token could make would outlive what voids the token.
 */
export const authenticateOperator = async (request: Incoming, server: Server): Promise<Client> => {
  const { text } = presentedTokenIn(request.header('authorization'), undefined);
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
  if (!token.scopes.includes(adminScope)) throw new OAuthError('bearer_token_scope', `${adminScope} is required`);
  const client = await server.store.clients.read(token.clientId);
  await server.store.deployment.notBefore.refresh();
  const isGood =
    client?.isOperator === true && (await isAlive({ kind: 'access token', token, family: undefined }, server));
  if (!isGood) throw invalidToken('bearer_token_not_alive');
  return client;
};
