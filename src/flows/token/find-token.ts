/** Whose token is this, and what is left of it? */

import { equalBytes, sha256 } from '../../oauth/crypto.ts';
import { type Family, standingOf } from '../../oauth/grants/family.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import { type AccessToken, verifyAccessToken } from '../../oauth/tokens/access-token.ts';
import { addressOfSession, clientKeyOf } from '../../oauth/tokens/locator.ts';
import { parseRefreshToken } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';

export type FoundToken =
  | { readonly kind: 'access token'; readonly token: AccessToken; readonly family: Family | undefined }
  | { readonly kind: 'refresh token'; readonly family: Family; readonly isCurrent: boolean };

/**
 * One of our own tokens, whatever the hint says (RFC 7009 §2.1): the two kinds cannot be mistaken for each other.
 * Undefined for everything else. Costs one read at most, and none for what was never ours.
 */
export const findToken = async (text: string, server: Server): Promise<FoundToken | undefined> => {
  const keys = await server.keys();
  const presented = parseRefreshToken(text, keys);
  if (presented !== undefined) {
    const family = await server.store.families.read(presented.address);
    const { lineage } = family ?? {};
    if (family === undefined || lineage === undefined) return undefined;
    if (!equalBytes(sha256(presented.familyBytes), lineage.familyBytesHash)) return undefined;
    const standing = standingOf(family, presented, { now: server.clock(), limits: server.config.lifetimes });
    return { kind: 'refresh token', family, isCurrent: standing === 'current' || standing === 'previous' };
  }
  const token = await verifyOwnToken(text, server);
  if (token === undefined) return undefined;
  if (token.sessionId === undefined) return { kind: 'access token', token, family: undefined };
  const address = addressOfSession(token.sessionId, token.clientId, keys.locator);
  return { kind: 'access token', token, family: address && (await server.store.families.read(address)) };
};

/** An access token of ours that has not expired. Says nothing of revocation. */
export const verifyOwnToken = async (text: string, server: Server): Promise<AccessToken | undefined> =>
  text.split('.').length === 3
    ? verifyAccessToken(text, {
        issuer: server.config.issuer,
        keys: await server.signer.publicKeys(),
        algorithms: server.config.signing.algorithms,
        now: server.clock(),
      })
    : undefined;

/**
 * True unless the token, its family, or everything of its client or person up to some instant was revoked, or the client
 * is gone or blocked: another instance may have gone on issuing until its copy of the client's row was a minute old.
 */
export const isAlive = async (
  { token, family }: Extract<FoundToken, { kind: 'access token' }>,
  server: Server,
): Promise<boolean> => {
  const client = await server.clients.resolve(token.clientId);
  if (client === undefined || client.blocked) return false;
  const clientKey = clientKeyOf(token.clientId);
  const { notBefore } = server.store.deployment;
  if (token.sessionId === undefined) {
    const basis = { sessionAt: token.issuedAt, consentAt: token.issuedAt };
    return (
      !isVoid(basis, await notBefore.instantsFor({ clientKey })) && !(await server.store.revokedTokens.has(token.jti))
    );
  }
  if (family === undefined || family.state !== 'active' || family.clientId !== token.clientId) return false;
  if (family.revokedTokens.some(({ jti }) => jti === token.jti)) return false;
  return !isVoid(family, await notBefore.instantsFor({ clientKey, userKey: family.address.userKey }));
};
