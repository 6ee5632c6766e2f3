/** Where a request carries its access token (RFC 6750 §2, RFC 9449 §7.1). */
import { type DpopProof, isProofFor } from '../dpop/proof.ts';
import { OAuthError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { AccessToken } from './access-token.ts';

export type PresentedToken = { readonly scheme: 'bearer' | 'dpop'; readonly text: string };

/**
 * The token in the header or in the form. Never one in the address (OAuth 2.1 §5.1), where it would lie in logs. Throws
 * `missing_token`, and `invalid_request` for more than one (RFC 6750 §3.1).
 */
export const presentedTokenIn = (authorization: string | undefined, form: Parameters | undefined): PresentedToken => {
  const [, scheme = '', inHeader] = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? '') ?? [];
  const inForm = form?.get('access_token');
  if (inHeader !== undefined && inForm !== undefined)
    throw new OAuthError('bearer_token_twice', 'the token was sent in more than one way');
  const text = inHeader ?? inForm;
  if (text === undefined) throw new OAuthError('bearer_token_missing', 'an access token is required');
  return { scheme: inHeader !== undefined && scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', text };
};

/**
 * A token that is bound to a key comes with a proof by that key, and no other token does (RFC 9449 §7.1, §7.2). Throws
 * `invalid_token`, and `invalid_dpop_proof` as a 401.
 */
export const requireHolder = (
  { jkt }: Pick<AccessToken, 'jkt'>,
  { scheme, text }: PresentedToken,
  proof: DpopProof | undefined,
): void => {
  if (scheme === 'bearer') {
    if (jkt !== undefined) throw new OAuthError('bearer_token_bound', 'the token is bound to a key');
    return;
  }
  if (proof === undefined || !isProofFor(text, proof))
    throw new OAuthError('dpop_at_resource', 'the DPoP proof is missing, or not for this token');
  if (jkt !== proof.jkt) throw new OAuthError('bearer_token_bound', 'the token is bound to another key, or to none');
};
