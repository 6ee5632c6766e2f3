/** Where a request carries its bearer token (RFC 6750 §2). */
import { OAuthError } from '../errors.ts';
import type { Parameters } from '../parameters.ts';

/**
 * The token in the header or in the form. Never one in the address (OAuth 2.1 §5.1), where it would lie in logs. Throws
 * `missing_token`, and `invalid_request` for more than one (RFC 6750 §3.1).
 */
export const bearerTokenIn = (authorization: string | undefined, form: Parameters | undefined): string => {
  const inHeader = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
  const inForm = form?.get('access_token');
  if (inHeader !== undefined && inForm !== undefined)
    throw new OAuthError('bearer_token_twice', 'the token was sent in more than one way');
  const token = inHeader ?? inForm;
  if (token === undefined) throw new OAuthError('bearer_token_missing', 'a bearer token is required');
  return token;
};
