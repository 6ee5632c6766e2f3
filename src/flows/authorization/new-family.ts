/** The family that an approval begins, in state `code`. */
import { signsIn } from '../../oauth/access/openid-scopes.ts';
import { approvedTarget, permissionsAt } from '../../oauth/access/target.ts';
import type { CodeMaterial } from '../../oauth/authorization/approval.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import { type Session, sidOf } from '../../oauth/authorization/session.ts';
import { fapiCodeSeconds, usesFapi } from '../../oauth/clients/profile.ts';
import { sha256 } from '../../oauth/crypto.ts';
import { type Family, type FamilyOpenid, redeemableUntil } from '../../oauth/grants/family.ts';
import { familiesPerGrant, type StoredGrant } from '../../oauth/grants/grant.ts';
import type { Basis } from '../../oauth/grants/not-before.ts';
import type { Server } from '../../server.ts';
import type { NewFamily } from '../../storage/grant-addition.ts';

/** What redeems the family while it is in state `code`. */
export type Credential = Pick<Family, 'code' | 'device'> & { readonly familyId: Buffer };

export const codeCredential = (asked: AuthorizationRequest, code: CodeMaterial, server: Server): Credential => ({
  familyId: code.familyId,
  code: {
    codeHash: sha256(code.secret),
    codeChallenge: asked.codeChallenge,
    codeExpiresAt: server.clock() + codeSecondsOf(asked, server),
    redirectUri: asked.redirectUri,
    dpopJkt: asked.dpopJkt,
  },
  device: undefined,
});

export type Consent = Basis & Pick<StoredGrant, 'expiresAt'>;

/** `isOnce` of a family that is allowed for one sign-in. */
type Allowed = Consent & Pick<StoredGrant, 'families'> & { readonly isOnce?: boolean };

type Birth = {
  readonly session: Session;
  readonly credential: Credential;
  readonly server: Server;
  readonly consent: Allowed;
  /** Of the grant: what the person was not asked for. */
  readonly byOperator: readonly string[];
};

const codeSecondsOf = ({ client }: AuthorizationRequest, { config }: Server): number =>
  usesFapi(client) ? Math.min(fapiCodeSeconds, config.lifetimes.codeSeconds) : config.lifetimes.codeSeconds;

/** `scopes` are those that the person allowed. */
export const newFamily = (
  asked: Asked,
  scopes: readonly string[],
  { session, credential, server, consent, byOperator }: Birth,
): NewFamily => {
  const now = server.clock();
  const { familyId, ...redeemable } = credential;
  const expiresAt = redeemableUntil(credential);
  const target = approvedTarget(asked, scopes, server.resources);
  const ruled = permissionsAt(target, server.resources).filter((one) => byOperator.includes(one));
  const born: Pick<Family, 'state' | 'lineage' | 'use' | 'revokedTokens' | 'tokens' | 'tokensSince'> = {
    state: 'code',
    lineage: undefined,
    use: undefined,
    revokedTokens: [],
    tokens: 0,
    tokensSince: 0,
  };
  return {
    ...born,
    address: { userKey: session.userKey, clientKey: asked.clientKey, familyId },
    clientId: asked.client.clientId,
    details: undefined,
    ...target,
    createdAt: now,
    sessionAt: consent.sessionAt,
    consentAt: consent.consentAt,
    consentExpiresAt: consent.expiresAt,
    isOnce: consent.isOnce ?? false,
    isCrowded: consent.families.length >= familiesPerGrant,
    authTime: session.authTime,
    acr: session.acr,
    amr: session.amr,
    person: session.person,
    openid: signsIn(scopes) ? openidOf(asked, session) : undefined,
    operatorApproved: asked.operatorApproved,
    byOperator: ruled.length === 0 ? undefined : ruled,
    ...redeemable,
    absoluteExpiresAt: expiresAt,
    redeemedBy: undefined,
    rotatedBy: undefined,
    countedBy: undefined,
    endedBy: undefined,
    endReason: undefined,
    endedAt: undefined,
    // The page that named the family may be submitted again until it expires.
    keepUntil: expiresAt + server.config.lifetimes.approvalSeconds,
  };
};

const openidOf = ({ openid, clientKey }: Asked, session: Session): FamilyOpenid => ({
  nonce: openid?.nonce,
  sid: sidOf(session, clientKey),
  isOffline: openid?.isOffline ?? false,
  userinfoClaims: openid?.claims.userinfo ?? [],
  idTokenClaims: openid?.claims.idToken ?? [],
  impliedScopes: openid?.impliedScopes ?? [],
});

/**
 * True if the end of the session will be the client's business: it wants to be told (OpenID Connect Back-Channel Logout), or
 * may refresh no longer. A device is not signed in by the browser in which it was approved.
 */
export const mustHearOfEnd = ({ client }: Asked, { code, openid }: NewFamily): boolean => {
  if (code === undefined || openid === undefined) return false;
  const isBound = client.grantTypes.includes('refresh_token') && openid.isOffline !== true;
  return isBound || client.backchannelLogoutUri !== undefined;
};
