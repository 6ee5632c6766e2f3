/** grant_type=refresh_token (OAuth 2.1 §4.3): decides; nothing is signed or stored here. */

import type { Resource } from '../access/resources.ts';
import { narrowTarget, stillAllowed, type Target } from '../access/target.ts';
import { type Client, isConfidential } from '../clients/client.ts';
import { usesFapi } from '../clients/profile.ts';
import { equalBytes, type Key, type Random, sha256 } from '../crypto.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';
import { type RefreshTokenParts, secretLength, successorSecret } from '../tokens/token-strings.ts';
import { type Family, type GraceLimits, type Lineage, standingOf } from './family.ts';
import { type Instants, isVoid } from './not-before.ts';

export type RefreshRequest = {
  readonly token: RefreshTokenParts;
  readonly scope: string | undefined;
  readonly resources: readonly string[];
  readonly details?: string | undefined;
};

export type RefreshDecision =
  /** A token replaced long ago was used again: somebody else has it (RFC 9700 §4.14.2). */
  | { readonly kind: 'replayed' }
  | {
      readonly kind: 'rotate';
      readonly target: Target;
      readonly successor: Buffer;
      readonly lineage: Lineage;
      readonly keepUntil: number;
    }
  /** The token before the current one, presented again: the successor that it had. */
  | { readonly kind: 'repeat'; readonly target: Target; readonly successor: Buffer };

export type RefreshContext = {
  readonly client: Client;
  /** Thumbprint of the key that the request proved to hold; undefined without one. */
  readonly jkt: string | undefined;
  readonly family: Family | undefined;
  readonly now: number;
  readonly instants: Instants;
  /** The deployment's key for successors. */
  readonly successorKey: Key;
  readonly lifetimes: GraceLimits & { readonly accessTokenSeconds: number; readonly refreshIdleSeconds: number };
  readonly resources: readonly Resource[];
  readonly random: Random;
};

/** Without a word of why: nobody learns which tokens exist. */
export const invalidRefreshToken = (reason: ReasonOf<'invalid_grant'>): OAuthError =>
  new OAuthError(reason, 'the refresh token is not valid');

/** Throws `invalid_grant`, `invalid_scope`, `invalid_target`; nothing has rotated then (RFC 8707 §2.2). */
export const decideRefresh = (request: RefreshRequest, context: RefreshContext): RefreshDecision => {
  const { client, family, now, instants, lifetimes } = context;
  if (family === undefined) throw invalidRefreshToken('refresh_token_unknown');
  if (family.clientId !== client.clientId) throw invalidRefreshToken('refresh_token_of_other_client');
  // Without its key a token is worth nothing, a replaced one too: nothing ends for it.
  if (family.lineage?.jkt !== undefined && family.lineage.jkt !== context.jkt)
    throw invalidRefreshToken('refresh_token_key_differs');
  const standing = standingOf(family, request.token, { now, limits: lifetimes });
  if (standing === 'unknown' || standing === 'expired' || standing === 'exhausted')
    throw invalidRefreshToken(`refresh_token_${standing}`);
  if (standing === 'replayed') return { kind: 'replayed' };
  if (isVoid(family, instants)) throw invalidRefreshToken('refresh_token_void');
  const target = narrowTarget(stillAllowed(family, client), request, context.resources);
  if (standing === 'previous')
    return { kind: 'repeat', target, successor: repeatedSuccessor(family, request.token, context) };
  return rotation(target, family, { token: request.token, ...context });
};

/**
 * FAPI 2.0 §5.3.2.1: what is bound to its sender need not rotate, and a client that loses an answer just asks again. The same
 * conditional write says when the token was last used.
 */
const rotation = (
  target: Target,
  family: Family,
  { client, jkt, token, now, lifetimes, random, successorKey }: RefreshContext & { readonly token: RefreshTokenParts },
): RefreshDecision => {
  const { lineage, address } = family;
  if (lineage === undefined) throw invalidRefreshToken('refresh_token_unknown');
  const rotates = !usesFapi(client);
  const salt = rotates ? random(secretLength) : undefined;
  const successor =
    salt === undefined
      ? token.secret
      : successorSecret(token.secret, { familyId: address.familyId, salt, key: successorKey });
  const idleExpiresAt = Math.min(family.absoluteExpiresAt, now + lifetimes.refreshIdleSeconds);
  return {
    kind: 'rotate',
    target,
    successor,
    lineage: {
      // RFC 9449 §5: from the first proof on. A confidential client is bound by its own proof already.
      jkt: lineage.jkt ?? (isConfidential(client) ? undefined : jkt),
      familyBytesHash: lineage.familyBytesHash,
      currentHash: sha256(successor),
      previousHash: rotates ? lineage.currentHash : undefined,
      salt,
      rotatedAt: now,
      graceUses: 0,
      graceStreak: lineage.graceUses > 0 ? lineage.graceStreak + 1 : 0,
      idleExpiresAt,
    },
    keepUntil: idleExpiresAt + lifetimes.accessTokenSeconds,
  };
};

/** Derives the successor that the winner gave out. Throws `invalid_grant` if the row has moved on. */
const repeatedSuccessor = (family: Family, token: RefreshTokenParts, context: RefreshContext): Buffer => {
  const successor = derivableSuccessor(family, token, context.successorKey);
  if (successor === undefined) throw invalidRefreshToken('refresh_token_overtaken');
  return successor;
};

/**
 * The successor of a token that was valid when it was read but lost the write: never a replay. It is derivable while the
 * presented token is the one before the current; undefined when the lineage went on without it.
 */
export const derivableSuccessor = (family: Family, token: RefreshTokenParts, key: Key): Buffer | undefined => {
  const { lineage, address } = family;
  if (family.state !== 'active' || lineage?.salt === undefined) return undefined;
  const successor = successorSecret(token.secret, { familyId: address.familyId, salt: lineage.salt, key });
  return equalBytes(sha256(successor), lineage.currentHash) ? successor : undefined;
};
