/**
 * The two opaque strings. Both say where their row is; only hashes of their secrets are stored.
 *
 *   code          = "assent_ac_" base64url(locator 32, clientKey 16, familyId 16, secret 32)
 *   refresh token = "assent_rt_" base64url(locator 32, clientKey 16, familyId 16, family bytes 24, secret 32)
 *
 * The family bytes stay the same for the life of a family and are never part of a code. A refresh token that has them
 * right was ours once, so a wrong secret beside them is a replay; without them it is a guess, and a guess changes nothing.
 * The prefixes let secret scanners recognise what leaked.
 */
import { base64url, fromBase64url, hmacSha256 } from './crypto.ts';
import { clientKeyLength, type FamilyAddress, familyIdLength, mask, userKeyLength } from './locator.ts';

export const secretLength = 32;
export const familyBytesLength = 24;

const prefixes = { code: 'assent_ac_', refreshToken: 'assent_rt_' } as const;
const addressLength = userKeyLength + clientKeyLength + familyIdLength;

export type CodeParts = { readonly address: FamilyAddress; readonly secret: Buffer };
export type RefreshTokenParts = CodeParts & { readonly familyBytes: Buffer };

const addressBytes = ({ userKey, clientKey, familyId }: FamilyAddress, locatorKey: Buffer): Buffer =>
  Buffer.concat([mask(userKey, familyId, locatorKey), clientKey, familyId]);

export const formatCode = ({ address, secret }: CodeParts, locatorKey: Buffer): string =>
  prefixes.code + base64url(Buffer.concat([addressBytes(address, locatorKey), secret]));

export const formatRefreshToken = (parts: RefreshTokenParts, locatorKey: Buffer): string =>
  prefixes.refreshToken +
  base64url(Buffer.concat([addressBytes(parts.address, locatorKey), parts.familyBytes, parts.secret]));

/** Undefined for whatever is not of a code's exact shape. */
export const parseCode = (text: string, locatorKey: Buffer): CodeParts | undefined => {
  const bytes = bytesAfter(prefixes.code, text);
  if (bytes?.length !== addressLength + secretLength) return undefined;
  return { address: addressFrom(bytes, locatorKey), secret: bytes.subarray(addressLength) };
};

/** Undefined for whatever is not of a refresh token's exact shape. */
export const parseRefreshToken = (text: string, locatorKey: Buffer): RefreshTokenParts | undefined => {
  const bytes = bytesAfter(prefixes.refreshToken, text);
  if (bytes?.length !== addressLength + familyBytesLength + secretLength) return undefined;
  return {
    address: addressFrom(bytes, locatorKey),
    familyBytes: bytes.subarray(addressLength, addressLength + familyBytesLength),
    secret: bytes.subarray(addressLength + familyBytesLength),
  };
};

/**
 * The secret that follows `presented` in a family's lineage. Whoever holds the presented token and knows the row's salt
 * derives the same successor, so a lost answer can be given again without ever storing a token.
 * The key is the 32 secret bytes alone: HMAC hashes a longer key first, and for the whole string that hash is stored.
 */
export const successorSecret = (presented: Buffer, familyId: Buffer, salt: Buffer): Buffer =>
  hmacSha256(presented, Buffer.concat([Buffer.from('assent refresh'), familyId, salt]));

const bytesAfter = (prefix: string, text: string): Buffer | undefined =>
  text.startsWith(prefix) ? fromBase64url(text.slice(prefix.length)) : undefined;

const addressFrom = (bytes: Buffer, locatorKey: Buffer): FamilyAddress => {
  const clientKey = bytes.subarray(userKeyLength, userKeyLength + clientKeyLength);
  const familyId = bytes.subarray(userKeyLength + clientKeyLength, addressLength);
  return { userKey: mask(bytes.subarray(0, userKeyLength), familyId, locatorKey), clientKey, familyId };
};
