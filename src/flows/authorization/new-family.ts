/** The family that an approval begins, in state `code`. */
import { approvedTarget } from '../../oauth/access/target.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { sha256 } from '../../oauth/crypto.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { familiesPerGrant, type StoredGrant } from '../../oauth/grants/grant.ts';
import type { Basis } from '../../oauth/grants/not-before.ts';
import type { Server } from '../../server.ts';
import type { NewFamily } from '../../storage/grant-addition.ts';

export type CodeMaterial = { readonly familyId: Buffer; readonly secret: Buffer };

export type Consent = Basis & Pick<StoredGrant, 'expiresAt'>;

type Birth = {
  readonly session: Session;
  readonly code: CodeMaterial;
  readonly server: Server;
  readonly consent: Consent & Pick<StoredGrant, 'families'>;
};

/** `scopes` are those that the person allowed. */
export const newFamily = (
  asked: AuthorizationRequest,
  scopes: readonly string[],
  { session, code, server, consent }: Birth,
): NewFamily => {
  const now = server.clock();
  const { codeSeconds, approvalSeconds } = server.config.lifetimes;
  const born: Pick<Family, 'state' | 'lineage' | 'revokedTokens'> = {
    state: 'code',
    lineage: undefined,
    revokedTokens: [],
  };
  return {
    ...born,
    address: { userKey: session.userKey, clientKey: asked.clientKey, familyId: code.familyId },
    clientId: asked.client.clientId,
    ...approvedTarget(asked, scopes, server.resources),
    createdAt: now,
    sessionAt: consent.sessionAt,
    consentAt: consent.consentAt,
    consentExpiresAt: consent.expiresAt,
    isCrowded: consent.families.length >= familiesPerGrant,
    authTime: session.authTime,
    person: session.person,
    code: {
      codeHash: sha256(code.secret),
      codeChallenge: asked.codeChallenge,
      codeExpiresAt: now + codeSeconds,
      redirectUri: asked.redirectUri,
    },
    absoluteExpiresAt: now + codeSeconds,
    redeemedBy: undefined,
    rotatedBy: undefined,
    countedBy: undefined,
    endedBy: undefined,
    endReason: undefined,
    endedAt: undefined,
    // The page that named the family may be submitted again until it expires.
    keepUntil: now + codeSeconds + approvalSeconds,
  };
};
