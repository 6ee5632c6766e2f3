/**
 * The opaque strings. Each says where its row is; only hashes of their secrets are stored.
 *
 *   code          = "assent_ac_" base64url(locator 32, clientKey 16, familyId 16, secret 32, tag 16)
 *   refresh token = "assent_rt_" base64url(locator 32, clientKey 16, familyId 16, family bytes 24, secret 32, tag 16)
 *   device code   = "assent_dc_" base64url(requestId 16, secret 32, tag 16)
 *
 * The tag authenticates everything before it: what carries a right one was issued here, so a secret that is not the current
 * one is an old one, and not an altered one. The family bytes stay the same for the life of a family and are never part of
 * a code. The prefixes let secret scanners recognise what leaked.
 */
import { base64url, equalBytes, fromBase64url, hmacSha256, type Key } from '../crypto.ts';
import type { DeploymentKeys } from './deployment-keys.ts';
import { clientKeyLength, type FamilyAddress, familyIdLength, mask, userKeyLength } from './locator.ts';

export const secretLength = 32;
export const familyBytesLength = 24;

const prefixes = { code: 'assent_ac_', refreshToken: 'assent_rt_', deviceCode: 'assent_dc_' } as const;
const addressLength = userKeyLength + clientKeyLength + familyIdLength;
const tagLength = 16;

export type CodeParts = { readonly address: FamilyAddress; readonly secret: Buffer };
export type RefreshTokenParts = CodeParts & { readonly familyBytes: Buffer };
type Keys = Pick<DeploymentKeys, 'locator' | 'tokenTag'>;

const addressBytes = ({ userKey, clientKey, familyId }: FamilyAddress, keys: Keys): Buffer =>
  Buffer.concat([mask(userKey, familyId, keys.locator), clientKey, familyId]);

const tagOf = (prefix: string, bytes: Buffer, { tokenTag }: Keys): Buffer =>
  hmacSha256(tokenTag, Buffer.concat([Buffer.from(prefix), bytes])).subarray(0, tagLength);

const format = (prefix: string, bytes: Buffer, keys: Keys): string =>
  prefix + base64url(Buffer.concat([bytes, tagOf(prefix, bytes, keys)]));

export const formatCode = ({ address, secret }: CodeParts, keys: Keys): string =>
  format(prefixes.code, Buffer.concat([addressBytes(address, keys), secret]), keys);

export const formatRefreshToken = ({ address, familyBytes, secret }: RefreshTokenParts, keys: Keys): string =>
  format(prefixes.refreshToken, Buffer.concat([addressBytes(address, keys), familyBytes, secret]), keys);

/** Undefined for whatever is not a code that was issued here. */
export const parseCode = (text: string, keys: Keys): CodeParts | undefined => {
  const bytes = issuedBytes(prefixes.code, text, keys);
  if (bytes?.length !== addressLength + secretLength) return undefined;
  return { address: addressFrom(bytes, keys), secret: bytes.subarray(addressLength) };
};

/** Undefined for whatever is not a refresh token that was issued here. */
export const parseRefreshToken = (text: string, keys: Keys): RefreshTokenParts | undefined => {
  const bytes = issuedBytes(prefixes.refreshToken, text, keys);
  if (bytes?.length !== addressLength + familyBytesLength + secretLength) return undefined;
  return {
    address: addressFrom(bytes, keys),
    familyBytes: bytes.subarray(addressLength, addressLength + familyBytesLength),
    secret: bytes.subarray(addressLength + familyBytesLength),
  };
};

export type DeviceCodeParts = { readonly requestId: Buffer; readonly secret: Buffer };

export const requestIdLength = 16;

export const formatDeviceCode = ({ requestId, secret }: DeviceCodeParts, keys: Keys): string =>
  format(prefixes.deviceCode, Buffer.concat([requestId, secret]), keys);

/** Undefined for whatever is not a device code that was issued here. */
export const parseDeviceCode = (text: string, keys: Keys): DeviceCodeParts | undefined => {
  const bytes = issuedBytes(prefixes.deviceCode, text, keys);
  if (bytes?.length !== requestIdLength + secretLength) return undefined;
  return { requestId: bytes.subarray(0, requestIdLength), secret: bytes.subarray(requestIdLength) };
};

/**
 * The secret that follows `presented` in a family's lineage. A request that presents the token and reads the row's salt
 * derives the same successor, so a lost answer can be given again without ever storing a token. The deployment's key is in
 * it, so that an old token and the tables together do not give the live one.
 */
export const successorSecret = (
  presented: Buffer,
  { familyId, salt, key }: { readonly familyId: Buffer; readonly salt: Buffer; readonly key: Key },
): Buffer => hmacSha256(key, Buffer.concat([presented, familyId, salt]));

/** What stands before the tag; undefined unless the tag is right. */
const issuedBytes = (prefix: string, text: string, keys: Keys): Buffer | undefined => {
  const bytes = text.startsWith(prefix) ? fromBase64url(text.slice(prefix.length)) : undefined;
  if (bytes === undefined || bytes.length <= tagLength) return undefined;
  const [body, tag] = [bytes.subarray(0, -tagLength), bytes.subarray(-tagLength)];
  return equalBytes(tag, tagOf(prefix, body, keys)) ? body : undefined;
};

const addressFrom = (bytes: Buffer, { locator }: Keys): FamilyAddress => {
  const clientKey = bytes.subarray(userKeyLength, userKeyLength + clientKeyLength);
  const familyId = bytes.subarray(userKeyLength + clientKeyLength, addressLength);
  return { userKey: mask(bytes.subarray(0, userKeyLength), familyId, locator), clientKey, familyId };
};
