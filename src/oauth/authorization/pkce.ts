/** RFC 7636, S256 only (RFC 9700 §2.1.1): there is no other method. */
import { base64url, equalBytes, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';

export const challengeMethods = ['S256'] as const;

/** §4.2: base64url of 32 bytes is 43 characters without padding, and the last of them carries four bits only. */
const challengePattern = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** §4.1 */
const verifierPattern = /^[A-Za-z0-9._~-]{43,128}$/;

/** The challenge of an authorization request. Throws `invalid_request` (RFC 7636 §4.4.1). */
export const requireChallenge = (challenge: string | undefined, method: string | undefined): string => {
  if (challenge === undefined)
    throw new OAuthError(
      'code_challenge_missing',
      'code_challenge is required; turn on PKCE (S256) in the client library',
    );
  if (method !== 'S256')
    throw new OAuthError(
      'code_challenge_method_unsupported',
      'code_challenge_method must be S256; set PKCE to S256 in the client library',
    );
  if (!challengePattern.test(challenge))
    throw new OAuthError('code_challenge_malformed', 'code_challenge must be the base64url of a SHA-256');
  return challenge;
};

/** §4.6. A code without a challenge takes no verifier, so that nobody can take the challenge away unseen (RFC 9700 §4.8.2). */
export const isVerifierOf = (challenge: string | undefined, verifier: string | undefined): boolean =>
  challenge === undefined ? verifier === undefined : provesChallenge(challenge, verifier);

const provesChallenge = (challenge: string, verifier: string | undefined): boolean =>
  verifier !== undefined &&
  verifierPattern.test(verifier) &&
  equalBytes(Buffer.from(base64url(sha256(verifier))), Buffer.from(challenge));
