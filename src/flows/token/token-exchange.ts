/**
 * Token exchange (RFC 8693): a service that was called with one of our access tokens gets one of its own to call further with.
 * Nothing is stored: what comes of it belongs to the same authorization session, ends with it, and never lasts longer.
 */

import { takeRateLimit } from '../../limits/rate-limit.ts';
import { claimsFor } from '../../oauth/access/person.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { accessTokenUri, decideExchange, unacceptable } from '../../oauth/grants/token-exchange.ts';
import type { AccessToken } from '../../oauth/tokens/access-token.ts';
import type { Server } from '../../server.ts';
import { keepWhileUsed } from '../clients/keep-used.ts';
import { type FoundAccessToken, findToken, isAlive, scopesLeft } from './find-token.ts';
import { signedAccessToken, tokenResponse } from './issue.ts';
import { type GrantHandler, requiredParameter, type TokenRequest } from './request.ts';

export const tokenExchange: GrantHandler = async (request, server) => {
  const { form, client, jkt } = request;
  requireTokenTypes(request);
  const subject = await living(requiredParameter(request, 'subject_token'), server);
  if (subject === undefined) throw unacceptable('subject_token_unknown');
  const actor = await presentedActor(request, server);
  const asked = {
    scope: form.get('scope'),
    resources: [...form.all('resource'), ...form.all('audience')],
    details: form.get('authorization_details'),
  };
  const token = { ...subject.token, scopes: await scopesLeft(subject, server) };
  const { resources } = server;
  const { target, actor: chain } = decideExchange(asked, { client, subject: token, actor, resources, jkt });
  const { sessionId, grantedTo = token.clientId, subject: person, authTime, acr, expiresAt } = token;
  if (sessionId !== undefined) takeRateLimit('families', `${client.clientId} ${sessionId}`, server);
  await keepWhileUsed(client, server);
  const accessToken = await signedAccessToken(
    {
      ...target,
      ...{ clientId: client.clientId, subject: person, authTime, acr, expiresAt, grantedTo, actor: chain, jkt },
      ...(sessionId === undefined ? {} : { sessionId }),
      personClaims: claimsFor(subject.family?.person, target.resources, resources),
    },
    { client, server },
  );
  server.log({ event: 'token_exchanged', client_id: client.clientId, granted_to: grantedTo });
  return { ...tokenResponse({ accessToken, jkt, expiresAt }, target, server), issued_token_type: accessTokenUri };
};

/** §2.1: each token comes with its type. Throws `invalid_request`. */
const requireTokenTypes = (request: TokenRequest): void => {
  const { form } = request;
  const isTaken = (name: string): boolean => form.get(name) === accessTokenUri;
  requiredParameter(request, 'subject_token_type');
  if (!isTaken('subject_token_type'))
    throw new OAuthError('subject_token_type_unsupported', `subject_token_type must be ${accessTokenUri}`);
  if (form.get('requested_token_type') !== undefined && !isTaken('requested_token_type'))
    throw new OAuthError('requested_token_type_unsupported', `requested_token_type must be ${accessTokenUri}`);
  const hasActor = form.get('actor_token') !== undefined;
  if (hasActor !== (form.get('actor_token_type') !== undefined) || (hasActor && !isTaken('actor_token_type')))
    throw new OAuthError(
      'actor_token_type_unsupported',
      `actor_token goes with an actor_token_type of ${accessTokenUri}`,
    );
};

const presentedActor = async ({ form }: TokenRequest, server: Server): Promise<AccessToken | undefined> => {
  const text = form.get('actor_token');
  if (text === undefined) return undefined;
  const found = await living(text, server);
  if (found === undefined) throw unacceptable('actor_token_unknown');
  return found.token;
};

/** One of our access tokens that still holds; costs one read, two of an exchanged one. */
const living = async (text: string, server: Server): Promise<FoundAccessToken | undefined> => {
  const found = await findToken(text, server);
  return found?.kind === 'access token' && (await isAlive(found, server)) ? found : undefined;
};
