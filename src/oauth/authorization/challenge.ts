/** The PKCE challenge of an authorization request, or why it may do without. */
import { type Client, isConfidential } from '../clients/client.ts';
import { usesFapi } from '../clients/profile.ts';
import type { Parameters } from '../parameters.ts';
import type { OpenidRequest } from './openid-request.ts';
import { requireChallenge } from './pkce.ts';

/**
 * OAuth 2.1 §7.5.1: a client that can keep a secret and checks the nonce of its ID token is as safe against injected codes
 * as with PKCE. Others do without both only if an operator has said so. Throws `invalid_request`.
 */
export const challengeOf = (
  parameters: Parameters,
  { client, openid }: { readonly client: Client; readonly openid: OpenidRequest | undefined },
): string | undefined => {
  const [challenge, method] = [parameters.get('code_challenge'), parameters.get('code_challenge_method')];
  const isGuarded = openid !== undefined && (openid.nonce !== undefined || client.mayOmitPkce);
  const isLeftOut = challenge === undefined && method === undefined;
  const mayDoWithout = isGuarded && isConfidential(client) && !usesFapi(client);
  return isLeftOut && mayDoWithout ? undefined : requireChallenge(challenge, method);
};
