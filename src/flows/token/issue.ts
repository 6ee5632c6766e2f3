/** The tokens of a response: the one place that knows their types, claims and lifetimes. */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import { claimsFor } from '../../oauth/access/person.ts';
import type { Target } from '../../oauth/access/target.ts';
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { type AccessTokenSubject, accessTokenClaims, accessTokenType } from '../../oauth/tokens/access-token.ts';
import { sessionIdOf, subjectOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { TokenResponse } from './request.ts';

/** An access token for a family of `client`. Throws `too_many_requests`, `Unavailable`. */
export const accessTokenOf = async (
  family: Family,
  target: Target,
  { client, server }: { readonly client: Client; readonly server: Server },
): Promise<string> => {
  const keys = await server.keys();
  const sessionId = sessionIdOf(family.address, keys.locator);
  takeRateLimit('families', sessionId, server);
  // Anybody can be a public client: what one person does with many sessions must not use up everybody's share of it.
  if (!isConfidential(client))
    takeRateLimit('people', `${client.clientId} ${family.address.userKey.toString('hex')}`, server);
  const subject = subjectOf(family.address.userKey, keys.subject);
  const { clientId, authTime, person } = family;
  const personClaims = claimsFor(person, target.resources, server.resources);
  return signedAccessToken({ ...target, clientId, subject, sessionId, authTime, personClaims }, server);
};

/** Throws `too_many_requests`, `Unavailable`. */
export const signedAccessToken = (subject: AccessTokenSubject, server: Server): Promise<string> => {
  takeRateLimit('clients', subject.clientId, server);
  // While Key Vault throttles, no client gets more than its share, so that one that loops does not use it up for all others.
  if (server.signer.isThrottled()) takeRateLimit('shares', subject.clientId, server);
  const claims = accessTokenClaims(subject, {
    issuer: server.config.issuer,
    now: server.clock(),
    lifetimeSeconds: server.config.lifetimes.accessTokenSeconds,
    random: server.random,
  });
  return server.signer.sign(accessTokenType, claims);
};

type Issued = { readonly accessToken: string; readonly refreshToken?: string | undefined };

export const tokenResponse = (
  { accessToken, refreshToken }: Issued,
  target: Target,
  server: Server,
): TokenResponse => ({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: server.config.lifetimes.accessTokenSeconds,
  scope: target.scopes.join(' '),
  ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
});
