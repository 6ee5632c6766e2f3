/** Versions of what can be changed: nobody overwrites a change that they have not seen (RFC 9110 §13.1.1). */
import { base64url, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';

/** The entity tag of what is stored under this one, of 128 bits: a strong one, for what If-Match compares (RFC 9110 §8.8.3.2). */
export const versionOf = (storedTag: string): string => `"${base64url(sha256(storedTag).subarray(0, 16))}"`;

/**
 * Throws `precondition_failed` unless `ifMatch`, the header's value, names the version of what is stored, or is `*`: whatever
 * it is by now. What is stored must then be replaced on the condition of the same tag.
 */
export const requireVersion = (ifMatch: string, storedTag: string): void => {
  const named = ifMatch.split(',').map((tag) => tag.trim());
  if (!named.includes('*') && !named.includes(versionOf(storedTag)))
    throw new OAuthError('version_outdated', 'somebody else has changed it since; read it again');
};
