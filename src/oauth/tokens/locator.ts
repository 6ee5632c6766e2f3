/**
 * Where a token's row is, told by the token itself, so that every look-up is a point read.
 *
 *   locator = userKey XOR HMAC-SHA-256(locator key, familyId)
 *
 * The mask differs for each family, so two services (or one, over time) cannot tell whether two tokens belong to the same
 * person, nor confirm a guess of who it is.
 */
import { base64url, fromBase64url, hmacSha256, type Key, sha256 } from '../crypto.ts';

/** A family's row: partition and row key in bytes. */
export type FamilyAddress = {
  /** 32 bytes: SHA-256 over issuer and subject of the person. */
  readonly userKey: Buffer;
  /** 16 bytes: from the client_id. */
  readonly clientKey: Buffer;
  /** 16 random bytes. */
  readonly familyId: Buffer;
};

export const userKeyLength = 32;
export const clientKeyLength = 16;
export const familyIdLength = 16;

/** A JSON array is an unambiguous encoding of the pair: no issuer and subject can run into each other. */
export const userKeyOf = (issuer: string, subject: string): Buffer => sha256(JSON.stringify([issuer, subject]));

/**
 * A person's stable claim as it is compared. Entra ID's object ids are GUIDs, which tools and people write in either letter
 * case (RFC 9562 §4); any other claim is compared as it stands (OpenID Connect Core §2).
 */
export const canonicalSubject = (subject: string, claim: string): string =>
  claim === 'oid' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(subject) ? subject.toLowerCase() : subject;

/** The full client_id is stored in each row and compared: the key only finds it. */
export const clientKeyOf = (clientId: string): Buffer => sha256(clientId).subarray(0, clientKeyLength);

/** Of as many bytes as `a` has. */
const xor = (a: Buffer, b: Buffer): Buffer => {
  const bytes = Buffer.alloc(a.length);
  for (let index = 0; index < a.length; index++) bytes[index] = (a[index] ?? 0) ^ (b[index] ?? 0);
  return bytes;
};

/** Masks a user key, and unmasks a locator: the operation is its own inverse. */
export const mask = (userKey: Buffer, familyId: Buffer, locatorKey: Key): Buffer =>
  xor(userKey, hmacSha256(locatorKey, familyId));

/** The `sid` of a family's access tokens: introspection finds the row by it and by `client_id`. */
export const sessionIdOf = (
  { userKey, familyId }: Pick<FamilyAddress, 'userKey' | 'familyId'>,
  locatorKey: Key,
): string => base64url(Buffer.concat([mask(userKey, familyId, locatorKey), familyId]));

/** Inverse of `sessionIdOf`; undefined for anything of another shape. */
export const addressOfSession = (sid: string, clientId: string, locatorKey: Key): FamilyAddress | undefined => {
  const bytes = fromBase64url(sid);
  if (bytes?.length !== userKeyLength + familyIdLength) return undefined;
  const familyId = bytes.subarray(userKeyLength);
  const userKey = mask(bytes.subarray(0, userKeyLength), familyId, locatorKey);
  return { userKey, clientKey: clientKeyOf(clientId), familyId };
};

/** The `sub` that resource servers see: the same at all of them, useless for finding out who it is. */
export const subjectOf = (userKey: Buffer, subjectKey: Key): string => base64url(hmacSha256(subjectKey, userKey));

/** The `sub` that only clients of one sector see (OpenID Connect Core §8.1): no two sectors can tell that theirs are one person. */
export const pairwiseSubjectOf = (userKey: Buffer, sector: string, subjectKey: Key): string =>
  base64url(hmacSha256(subjectKey, JSON.stringify(['pairwise', sector, base64url(userKey)])));
