/** Whose token is this, and what is left of it? */

import { isOfferedAt, mayAsk } from '../../oauth/access/target.ts';
import { isWithdrawn } from '../../oauth/access/withdrawn.ts';
import { equalBytes, sha256 } from '../../oauth/crypto.ts';
import { type Family, standingOf } from '../../oauth/grants/family.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import { type AccessToken, verifyAccessToken } from '../../oauth/tokens/access-token.ts';
import { addressOfSession, clientKeyOf } from '../../oauth/tokens/locator.ts';
import { parseRefreshToken, type RefreshTokenParts } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { isOwnTokenAllowed, isServiceAllowed, rulingOnFamily } from '../policy/held.ts';

/** By the rules for the authorization, and for whoever exchanged its token. */
const isFamilyTokenAllowed = async ({ clientId }: AccessToken, family: Family, server: Server): Promise<boolean> => {
  const { refusal } = await rulingOnFamily(family, server);
  return refusal === undefined && (clientId === family.clientId || (await isServiceAllowed(clientId, server)));
};

export type FoundAccessToken = {
  readonly kind: 'access token';
  readonly token: AccessToken;
  readonly family: Family | undefined;
};

type FoundRefreshToken = { readonly kind: 'refresh token'; readonly family: Family; readonly isCurrent: boolean };

export type FoundToken = FoundAccessToken | FoundRefreshToken;

/**
 * One of our own tokens, whatever the hint says (RFC 7009 §2.1): the two kinds cannot be mistaken for each other.
 * Undefined for everything else. Costs one read at most, and none for what was never ours.
 */
export const findToken = async (text: string, server: Server): Promise<FoundToken | undefined> => {
  const keys = await server.keys();
  const presented = parseRefreshToken(text, keys);
  if (presented !== undefined) {
    const family = await server.store.families.read(presented.address);
    if (!isOfFamily(presented, family)) return undefined;
    const standing = standingOf(family, presented, { now: server.clock(), limits: server.config.lifetimes });
    return { kind: 'refresh token', family, isCurrent: standing === 'current' || standing === 'previous' };
  }
  const token = await verifyOwnToken(text, server);
  if (token === undefined) return undefined;
  if (token.sessionId === undefined) return { kind: 'access token', token, family: undefined };
  const address = addressOfSession(token.sessionId, token.grantedTo ?? token.clientId, keys.locator);
  return { kind: 'access token', token, family: address && (await server.store.families.read(address)) };
};

/** The same for whoever ends what is found: by what this instance wrote last, where it has kept that. */
export const findTokenToEnd = async (
  text: string,
  server: Server,
): Promise<FoundAccessToken | Pick<FoundRefreshToken, 'kind' | 'family'> | undefined> => {
  const presented = parseRefreshToken(text, await server.keys());
  const copy = presented && server.store.families.takeCopy(presented.address);
  if (presented !== undefined && isOfFamily(presented, copy)) return { kind: 'refresh token', family: copy };
  return findToken(text, server);
};

const isOfFamily = ({ familyBytes }: RefreshTokenParts, family: Family | undefined): family is Family => {
  const hash = family?.lineage?.familyBytesHash;
  return hash !== undefined && equalBytes(sha256(familyBytes), hash);
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
 * What is left of a token's scopes: the person may have narrowed the authorization since, a service may no longer ask for all
 * that it could, its API may have lost some, and operators rule. Costs nothing beside `isAlive`.
 */
export const scopesLeft = async ({ token, family }: FoundAccessToken, server: Server): Promise<readonly string[]> => {
  const { clientId, grantedTo = clientId } = token;
  const clients = await Promise.all([...new Set([clientId, grantedTo])].map((one) => server.clients.known(one)));
  const isAskable = (scope: string): boolean =>
    isOfferedAt(scope, token.audience, server.resources) &&
    clients.every((one) => one === undefined || mayAsk(one, scope));
  if (family === undefined) return token.scopes.filter(isAskable);
  const { withheld } = await rulingOnFamily(family, server);
  const isLeft = (scope: string): boolean => family.scopes.includes(scope) && !isWithdrawn(scope, withheld, family);
  return token.scopes.filter((scope) => isAskable(scope) && isLeft(scope));
};

/**
 * True unless the token, its family, or everything of its clients or person up to some instant was revoked, or a client is
 * gone or blocked: another instance may have gone on issuing until its copy of the client's row was a minute old. Costs no
 * read for a token of a family, one for all others.
 */
export const isAlive = async ({ token, family }: FoundAccessToken, server: Server): Promise<boolean> => {
  const { clientId, grantedTo = clientId } = token;
  for (const one of new Set([clientId, grantedTo])) if (!(await server.clients.mayHaveTokens(one))) return false;
  const isExchanged = token.grantedTo !== undefined;
  // A family's row remembers what its own client revoked, not what came of its tokens elsewhere.
  if ((token.sessionId === undefined || isExchanged) && !(await isAliveByItself(token, server))) return false;
  if (token.sessionId === undefined) return isOwnTokenAllowed(token, server);
  if (family === undefined || family.state !== 'active' || family.clientId !== grantedTo) return false;
  if (family.revokedTokens.some(({ jti }) => jti === token.jti)) return false;
  const { notBefore } = server.store.deployment;
  const { userKey } = family.address;
  if (isVoid(family, await notBefore.instantsFor({ clientKey: clientKeyOf(grantedTo), userKey }))) return false;
  return isFamilyTokenAllowed(token, family, server);
};

/** By the token alone: nothing that it rests on is stored. */
const isAliveByItself = async (token: AccessToken, { store }: Server): Promise<boolean> => {
  const { clientId, grantedTo = clientId, issuedAt, jti } = token;
  const basis = { sessionAt: issuedAt, consentAt: issuedAt };
  for (const one of new Set([clientId, grantedTo])) {
    const instants = await store.deployment.notBefore.instantsFor({ clientKey: clientKeyOf(one) });
    if (isVoid(basis, instants)) return false;
  }
  return !(await store.revokedTokens.has(jti));
};
