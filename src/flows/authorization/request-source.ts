/** Where the parameters of an authorization request come from: the query itself, or what the client pushed before. */
import { isPushedUri, type PushedRequest, requestIdIn } from '../../oauth/authorization/pushed-request.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parametersFrom } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';

export type RequestSource = {
  /** What is to be understood. */
  readonly parameters: Parameters;
  /** The row that they come from. */
  readonly pushed: PushedRequest | undefined;
};

/**
 * Costs one read for a pushed request, none for others; whether it was used before is known with it. Throws `invalid_request_uri`, which can only become a page: where
 * the answer would go is not known (RFC 9126 §4, RFC 9101 §5).
 */
export const requestSource = async (presented: Parameters, server: Server): Promise<RequestSource> => {
  const requestUri = presented.get('request_uri');
  // Another server's document: refused at the client, like everything that is wrong with a request (RFC 9101 §10.4).
  if (requestUri === undefined || !isPushedUri(requestUri)) return { parameters: presented, pushed: undefined };
  const requestId = requestIdIn(requestUri);
  const pushed = requestId && (await server.store.pushedRequests.read(requestId));
  if (pushed === undefined) throw unusable('request_uri_unknown');
  // RFC 9126 §2.2: bound to the client that pushed it.
  if (pushed.clientId !== presented.get('client_id')) throw unusable('request_uri_of_other_client');
  return { parameters: parametersFrom(pushed.parameters), pushed };
};

export const unusable = (
  reason: 'request_uri_unknown' | 'request_uri_of_other_client' | 'request_uri_spent' | 'request_uri_expired',
): OAuthError => new OAuthError(reason, 'request_uri is not one that can be used, or no longer');
