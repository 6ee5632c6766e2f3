/**
 * A family: one authorization session of one client for one person, from its code to its last refresh token.
 *
 *            approve, or silent re-authorization
 *                          |
 *                          v            redeem (RFC 6749 §4.1.3)
 *                       [ code ] ------------------------------> [ active ] --+
 *                          |                                       |   ^      | rotate (RFC 9700 §4.14.2):
 *                          |                                       |   +------+ current -> previous, salt, rotatedAt;
 *                          |                                       |   ^      | previous again before its successor:
 *                          |                                       |   +------+ graceUses + 1, the same successor
 *                          |                                       |
 *                          |  revoked, replayed, evicted by     |  revoked, replayed, evicted by
 *                          |  newer ones, fenced                   |  newer ones
 *                          +-----------------> [ ended ] <---------+
 *
 * Nothing leaves `ended`, and an ended row is kept until every token and page that could name it has expired. Expiry is
 * no transition: reads enforce it. Each arrow is one conditional write that records a random id of the attempt in a field
 * of its own (redeemedBy, rotatedBy, endedBy), which no other arrow overwrites. What leaves the tokens as they are (counting
 * a use of the previous one, remembering a revoked access token) shares the field countedBy.
 */

import type { AuthorizationDetail } from '../access/details.ts';
import type { Person } from '../access/person.ts';
import { equalBytes, sha256 } from '../crypto.ts';
import type { FamilyAddress } from '../tokens/locator.ts';
import type { Basis } from './not-before.ts';
import type { Use } from './use.ts';

export type EndReason =
  /** By the person, on the authorizations page. */
  | 'revoked by user'
  /** By the service, RFC 7009. */
  | 'revoked by service'
  | 'code replayed'
  | 'refresh token replayed'
  /** One connection alone, by the person. */
  | 'ended by user'
  /** By an operator, with the whole authorization. */
  | 'ended by operator'
  /** The oldest of more than fifty. */
  | 'evicted'
  /** Everything that it could do was unticked. */
  | 'narrowed'
  /** With the browser's session that it signed the person in by. */
  | 'signed out'
  /** A write of unknown outcome was made impossible; the family never lived. */
  | 'fenced';

export type RevokedToken = { readonly jti: string; readonly expiresAt: number };

export type Family = Basis & {
  readonly address: FamilyAddress;
  readonly etag: string;
  /** When the row was last written, by the store's clock: finer than our seconds, for order only. */
  readonly modifiedAt: string;
  readonly state: 'code' | 'active' | 'ended';
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** RFC 8707 identifiers. */
  readonly resources: readonly string[];
  /** RFC 9396; undefined where there are none. */
  readonly details: readonly AuthorizationDetail[] | undefined;
  readonly createdAt: number;
  /** When the approval behind it ends, whatever is refreshed meanwhile. */
  readonly consentExpiresAt: number;
  /** Allowed for one sign-in: its access token is all that comes of it. */
  readonly isOnce: boolean;
  /** It may be the one too many: whoever redeems its code makes room. */
  readonly isCrowded: boolean;
  /** When the person signed in upstream, if the provider said so. */
  readonly authTime: number | undefined;
  /** How, by the provider's word; undefined where it did not say (OpenID Connect Core §2). */
  readonly acr: string | undefined;
  readonly amr: readonly string[] | undefined;
  /** Who signed in, by the provider's word at that time. */
  readonly person: Person | undefined;
  /** What its ID tokens and its answers at the userinfo endpoint go by; absent where nobody is signed in to the service. */
  readonly openid: FamilyOpenid | undefined;
  /** Permissions (`permissionsAt`) that an operator approved for this person; undefined where none needed that. */
  readonly operatorApproved: readonly string[] | undefined;
  /** Permissions that the person was not asked for, because an operator had approved them for everyone. */
  readonly byOperator: readonly string[] | undefined;
  /** What its code was made of; absent in a family that began without one. */
  readonly code: FamilyCode | undefined;
  /** The device's request that it answers (RFC 8628); absent in all others. */
  readonly device: FamilyDevice | undefined;
  /** Rotation does not move it. */
  readonly absoluteExpiresAt: number;
  readonly lineage: Lineage | undefined;
  /** By what and from where it last got tokens; undefined before that, and of rows from before this was remembered. */
  readonly use: Use | undefined;
  /** Access tokens that were revoked one by one and have not expired. */
  readonly revokedTokens: readonly RevokedToken[];
  /** How many tokens it got that no event tells of yet, and since when (epoch seconds); 0 for none. */
  readonly tokens: number;
  readonly tokensSince: number;
  readonly createdBy: string;
  readonly redeemedBy: string | undefined;
  readonly rotatedBy: string | undefined;
  readonly countedBy: string | undefined;
  readonly endedBy: string | undefined;
  readonly endReason: EndReason | undefined;
  readonly endedAt: number | undefined;
  /** From when no token and no page can name the row any more. */
  readonly keepUntil: number;
};

/** Stays when the code is spent: a replay is known by it. */
export type FamilyCode = {
  readonly codeHash: Buffer;
  /** S256 (RFC 7636 §4.2); there is no other method. Undefined where the client did without. */
  readonly codeChallenge: string | undefined;
  readonly codeExpiresAt: number;
  readonly redirectUri: string;
  /** Thumbprint of the key that must redeem it (RFC 9449 §10); undefined when any may. */
  readonly dpopJkt: string | undefined;
};

export type FamilyOpenid = {
  readonly nonce?: string | undefined;
  /** The browser's session to this client alone (OpenID Connect Front- and Back-Channel Logout, `sid`). */
  readonly sid: string;
  /** Whether it outlives that session (OpenID Connect Core §11, `offline_access`). */
  readonly isOffline?: boolean;
  /** Names that the claims parameter asked for (OpenID Connect Core §5.5). */
  readonly userinfoClaims: readonly string[];
  readonly idTokenClaims: readonly string[];
  /** Scopes of which no other claims are told than those. */
  readonly impliedScopes: readonly string[];
};

/** Redeemed by the device code, which was given out before anybody approved. */
type FamilyDevice = {
  readonly deviceCodeHash: Buffer;
  readonly deviceCodeExpiresAt: number;
};

/** The refresh tokens of an active family; absent when the client may not refresh. */
export type Lineage = {
  /** Thumbprint of the key that the refresh tokens of a public client are bound to (RFC 9449 §5). */
  readonly jkt: string | undefined;
  readonly familyBytesHash: Buffer;
  readonly currentHash: Buffer;
  readonly previousHash: Buffer | undefined;
  readonly salt: Buffer | undefined;
  readonly rotatedAt: number;
  /** How often the previous token was presented again. */
  readonly graceUses: number;
  /** Rotations in a row, up to the one before this, whose previous token was presented again. */
  readonly graceStreak: number;
  readonly idleExpiresAt: number;
};

/** What a presented refresh token is to the family. Bindings are checked apart. */
export type RefreshStanding =
  /** Not one of this family's: changes nothing. */
  | 'unknown'
  | 'expired'
  | 'current'
  /** The one before: within the grace window and its count, or a lone retry after it. */
  | 'previous'
  /** The one before, used too often or too late beside others: refused, nothing ends. */
  | 'exhausted'
  /** Ours once, long since replaced: somebody else has it. */
  | 'replayed';

export type GraceLimits = { readonly refreshGraceSeconds: number; readonly refreshGraceUses: number };

/**
 * A client that lost an answer retries when it is back on the network or in the foreground. While nobody has presented the
 * successor, one retry after the window is served, up to so many windows later: an hour by default. Whoever stole the
 * token gets no more by that than a place in the same lineage, which the streak gives away.
 */
const lateRetryWindows = 60;

/** A lost answer now and then is the network. So many rotations in a row are two holders of one lineage. */
const graceStreakLimit = 5;

export const standingOf = (
  family: Family,
  presented: { readonly familyBytes: Buffer; readonly secret: Buffer },
  at: { readonly now: number; readonly limits: GraceLimits },
): RefreshStanding => {
  const { lineage } = family;
  if (lineage === undefined || !equalBytes(sha256(presented.familyBytes), lineage.familyBytesHash)) return 'unknown';
  if (family.state !== 'active' || isExpired(family, at.now)) return 'expired';
  const hash = sha256(presented.secret);
  if (equalBytes(hash, lineage.currentHash)) return 'current';
  // Presenting the successor moved it out of here: the window of a token closes with that (RFC 9700 §4.14.2).
  const isPrevious = lineage.previousHash !== undefined && equalBytes(hash, lineage.previousHash);
  return isPrevious ? standingOfPrevious(lineage, at) : 'replayed';
};

const standingOfPrevious = (
  { rotatedAt, graceUses, graceStreak }: Lineage,
  { now, limits }: { readonly now: number; readonly limits: GraceLimits },
): RefreshStanding => {
  const age = now - rotatedAt;
  if (graceStreak + 1 >= graceStreakLimit || age > limits.refreshGraceSeconds * lateRetryWindows) return 'replayed';
  const isInTime = age <= limits.refreshGraceSeconds || graceUses === 0;
  return isInTime && graceUses < limits.refreshGraceUses ? 'previous' : 'exhausted';
};

/** Idle expiry moves with each rotation, the absolute one never does (ASVS 10.4.8). */
const isExpired = (family: Family, now: number): boolean =>
  now >= family.absoluteExpiresAt || (family.lineage !== undefined && now >= family.lineage.idleExpiresAt);

/** Until when a family in state `code` can be redeemed. */
export const redeemableUntil = ({ code, device }: Pick<Family, 'code' | 'device'>): number =>
  code?.codeExpiresAt ?? device?.deviceCodeExpiresAt ?? 0;

/** True while anything of the family can still be used: its code or its refresh token. */
export const isLive = (family: Family, now: number): boolean =>
  (family.state === 'code' && now < redeemableUntil(family)) || (family.state === 'active' && !isExpired(family, now));

/** Sorts the least recently used first. */
export const byLastUse = (a: Family, b: Family): number =>
  lastUsedAt(a) - lastUsedAt(b) || (a.modifiedAt < b.modifiedAt ? -1 : 1);

/** When the service last got a token for it; as exact as refreshes are. */
export const lastUsedAt = (family: Family): number => family.lineage?.rotatedAt ?? family.createdAt;
