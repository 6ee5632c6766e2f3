/** What redeeming a family in state `code` makes of it, whatever it is redeemed by. */
import type { Resource } from '../access/resources.ts';
import type { Target } from '../access/target.ts';
import { type Client, isConfidential } from '../clients/client.ts';
import { type Random, sha256 } from '../crypto.ts';
import { familyBytesLength, secretLength } from '../tokens/token-strings.ts';
import type { Family, Lineage } from './family.ts';

export type Redemption = {
  readonly kind: 'redeem';
  readonly target: Target;
  /** The first refresh token's bytes and lineage; undefined if the client does not refresh, or may not. */
  readonly refresh: { readonly familyBytes: Buffer; readonly secret: Buffer; readonly lineage: Lineage } | undefined;
  /** The family's absolute end. */
  readonly absoluteExpiresAt: number;
  readonly keepUntil: number;
};

export type RedemptionContext = {
  readonly client: Client;
  /** Thumbprint of the key that the request proved to hold; undefined without one. */
  readonly jkt: string | undefined;
  readonly now: number;
  readonly lifetimes: {
    readonly accessTokenSeconds: number;
    readonly refreshIdleSeconds: number;
    readonly refreshAbsoluteSeconds: number;
  };
  readonly resources: readonly Resource[];
  readonly random: Random;
};

/** Begins the lineage of a client that refreshes. */
export const redemption = (target: Target, family: Family, context: RedemptionContext): Redemption => {
  const { client, jkt, now, lifetimes, random } = context;
  if (family.isOnce || !client.grantTypes.includes('refresh_token')) {
    const absoluteExpiresAt = now + lifetimes.accessTokenSeconds;
    return { kind: 'redeem', target, refresh: undefined, absoluteExpiresAt, keepUntil: absoluteExpiresAt };
  }
  const [familyBytes, secret] = [random(familyBytesLength), random(secretLength)];
  const absoluteExpiresAt = Math.min(family.consentExpiresAt, now + lifetimes.refreshAbsoluteSeconds);
  const idleExpiresAt = Math.min(absoluteExpiresAt, now + lifetimes.refreshIdleSeconds);
  const lineage: Lineage = {
    // RFC 9449 §5: a confidential client is bound by its own proof already, and may change its key.
    jkt: isConfidential(client) ? undefined : jkt,
    familyBytesHash: sha256(familyBytes),
    currentHash: sha256(secret),
    previousHash: undefined,
    salt: undefined,
    rotatedAt: now,
    graceUses: 0,
    graceStreak: 0,
    idleExpiresAt,
  };
  const keepUntil = idleExpiresAt + lifetimes.accessTokenSeconds;
  return { kind: 'redeem', target, refresh: { familyBytes, secret, lineage }, absoluteExpiresAt, keepUntil };
};
