/** An ID token of ours that comes back as a hint (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2). */
import { compactVerify, createLocalJWKSet, type JWK, errors as joseErrors } from 'jose';
import { idTokenType } from './id-token.ts';

export type IdTokenHint = {
  readonly subject: string;
  readonly clientIds: readonly string[];
  readonly sid: string | undefined;
};

type Verification = {
  readonly issuer: string;
  readonly keys: readonly JWK[];
  readonly algorithms: readonly string[];
};

/**
 * Who the hint is about, and for which client it was made. Undefined for anything that we did not sign as an ID token. One
 * that has expired still says who it was about, while its key is published.
 */
export const verifyIdTokenHint = async (
  text: string,
  { issuer, keys, algorithms }: Verification,
): Promise<IdTokenHint | undefined> => {
  try {
    const { payload, protectedHeader } = await compactVerify(text, createLocalJWKSet({ keys: [...keys] }), {
      algorithms: [...algorithms],
    });
    const claims: unknown = JSON.parse(Buffer.from(payload).toString());
    return protectedHeader.typ === idTokenType ? hintFrom(claims as Record<string, unknown>, issuer) : undefined;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
};

/** `at_hash` and `exp` are what other JWTs of ours for a client lack. */
const hintFrom = (
  { iss, sub, aud, exp, sid, at_hash: hash }: Record<string, unknown>,
  issuer: string,
): IdTokenHint | undefined => {
  if (iss !== issuer || typeof sub !== 'string' || typeof exp !== 'number' || typeof hash !== 'string')
    return undefined;
  const clientIds = [aud].flat().filter((one) => typeof one === 'string');
  return { subject: sub, clientIds, sid: typeof sid === 'string' ? sid : undefined };
};
