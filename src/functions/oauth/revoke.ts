/** POST /revoke (RFC 7009): a service gives a token back. */

import { findTokenToEnd } from '../../flows/token/find-token.ts';
import type { Story } from '../../http/endpoint.ts';
import { json, type Reply } from '../../http/reply.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Family } from '../../oauth/grants/family.ts';
import type { AccessToken } from '../../oauth/tokens/access-token.ts';
import type { Server } from '../../server.ts';
import { authenticateClient } from './authenticate-client.ts';

/** Access tokens of one family remembered as revoked at once; a family that needs more of them is ended. */
const revokedTokensLimit = 50;

export const revoke: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates([]);
  const client = await authenticateClient(form, request, server);
  const token = form.get('token');
  if (token === undefined) throw new OAuthError('parameter_missing', 'token is required');
  const found = await findTokenToEnd(token, server);
  // RFC 7009 §2.2: a token that is no token is as good as revoked.
  if (found !== undefined) await revokeFound(found, client, server);
  return revoked();
};

/** RFC 7009 §2.2: the body says nothing; it is JSON because some libraries parse whatever answers 200. */
const revoked = (): Reply => json({});

type Found = NonNullable<Awaited<ReturnType<typeof findTokenToEnd>>>;

const revokeFound = async (found: Found, client: Client, server: Server): Promise<void> => {
  const owner = found.kind === 'access token' ? found.token.clientId : found.family.clientId;
  // RFC 7009 §2.1: the token stays alive, and whoever found it does not learn that it does.
  if (owner !== client.clientId) return;
  if (found.kind === 'refresh token') return endFamily(found.family, client, server);
  // What was exchanged (RFC 8693) leaves the session that it came from alone.
  if (found.token.sessionId === undefined || found.token.grantedTo !== undefined)
    return server.store.revokedTokens.add(found.token.jti, found.token.expiresAt);
  if (found.family !== undefined) await revokeAccessToken(found.family, found.token, { client, server });
};

/** RFC 7009 §2.1: with the refresh token go all access tokens of its family; introspection knows them by its row. */
const endFamily = async (family: Family, client: Client, server: Server): Promise<void> => {
  const at = server.clock();
  const event = { kind: 'revoked by service', at, clientId: client.clientId, clientName: client.name } as const;
  await server.store.families.end(family, { reason: 'revoked by service', at, event });
};

/** Only this token: the family goes on, unless it would have to remember too many. */
const revokeAccessToken = async (
  family: Family,
  { jti, expiresAt }: AccessToken,
  { client, server }: { readonly client: Client; readonly server: Server },
): Promise<void> => {
  let isFull = false;
  await server.store.families.revokeToken(family, ({ revokedTokens }) => {
    if (revokedTokens.some((one) => one.jti === jti)) return undefined;
    const others = revokedTokens.filter((one) => one.expiresAt > server.clock());
    isFull = others.length >= revokedTokensLimit;
    return isFull ? undefined : [...others, { jti, expiresAt }];
  });
  if (isFull) await endFamily(family, client, server);
};
