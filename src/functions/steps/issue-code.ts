/** Step: an authorization becomes a family in state `code`, and its code goes to the client. */
import type { Reply } from '../../http/reply.ts';
import type { Approval } from '../../oauth/approval.ts';
import { derivedCode } from '../../oauth/approval.ts';
import type { AuthorizationRequest } from '../../oauth/authorization-request.ts';
import { equalBytes, sha256 } from '../../oauth/crypto.ts';
import { Unavailable } from '../../oauth/errors.ts';
import type { Family } from '../../oauth/family.ts';
import { decidedPermissions, digestOf, type StoredGrant } from '../../oauth/grant.ts';
import { changeBy, type HistoryEvent } from '../../oauth/history.ts';
import { clientKeyOf, familyIdLength } from '../../oauth/locator.ts';
import { destinationOf } from '../../oauth/redirect-uri.ts';
import type { Session } from '../../oauth/session.ts';
import { permissionsAt } from '../../oauth/target.ts';
import { formatCode, secretLength } from '../../oauth/token-strings.ts';
import type { Server } from '../../server.ts';
import { competingAttempts } from '../../storage/families.ts';
import type { Addition, NewFamily } from '../../storage/grants.ts';
import { pause } from '../../storage/settle.ts';
import { redirectToClient, shownTo } from './authorization-request.ts';

type CodeMaterial = { readonly familyId: Buffer; readonly secret: Buffer };

/** Answers a remembered grant. Undefined when it has meanwhile changed, and the person must be asked. */
export const silentCode = async (
  asked: AuthorizationRequest,
  { session, grant }: { readonly session: Session; readonly grant: StoredGrant },
  server: Server,
): Promise<Reply | undefined> => {
  const locatorKey = await server.store.deployment.locatorKey();
  let basedOn: StoredGrant | undefined = grant;
  for (let attempt = 0; attempt < competingAttempts && basedOn !== undefined; attempt++) {
    const code = { familyId: server.random(familyIdLength), secret: server.random(secretLength) };
    const family = newFamily(asked, asked.scopes, { session, code, server });
    const added = await server.store.grants.addFamily({ grant: basedOn, basedOn, family });
    if (added.result === 'added') return answerWith(asked, family, { code, locatorKey, server });
    // Tabs and sessions that come at once each lose only to one that got its code.
    await pause(Math.random() * 10 * Math.min(attempt, 10));
    const current: StoredGrant | undefined = await server.store.grants.read(session.userKey, family.address.clientKey);
    basedOn = current !== undefined && isSameDecision(current, basedOn) ? current : undefined;
  }
  if (basedOn !== undefined) throw new Unavailable('storage');
  return undefined;
};

const isSameDecision = (a: StoredGrant, b: StoredGrant): boolean =>
  !a.revoked && a.shownDigest === b.shownDigest && a.permissions.join() === b.permissions.join();

export type ApprovedCode =
  | { readonly result: 'answered'; readonly reply: Reply }
  /** The same page was submitted before, and its code is spent. */
  | { readonly result: 'spent' }
  /** The page is out of date, or its write was fenced: the person must be asked again. */
  | { readonly result: 'stale' };

/** Stores what a person approved and answers. The same submission again gets the same answer while its code is unspent. */
export const approvedCode = async (
  asked: AuthorizationRequest,
  {
    session,
    approval,
    scopes,
  }: { readonly session: Session; readonly approval: Approval; readonly scopes: readonly string[] },
  server: Server,
): Promise<ApprovedCode> => {
  const locatorKey = await server.store.deployment.locatorKey();
  const code = derivedCode(approval, scopes, session);
  const family = newFamily(asked, scopes, { session, code, server });
  const added = await server.store.grants.addFamily(additionOf(asked, { approval, scopes, family }, server));
  if (added.result === 'changed') return { result: 'stale' };
  if (added.result === 'exists' && added.family.endReason === 'fenced') return { result: 'stale' };
  const isAnswerable =
    added.result === 'added' ||
    (added.family.state === 'code' &&
      server.clock() < added.family.codeExpiresAt &&
      equalBytes(added.family.codeHash, family.codeHash));
  return isAnswerable
    ? { result: 'answered', reply: answerWith(asked, family, { code, locatorKey, server }) }
    : { result: 'spent' };
};

type ApprovedAddition = { readonly approval: Approval; readonly scopes: readonly string[]; readonly family: NewFamily };

const additionOf = (
  asked: AuthorizationRequest,
  { approval, scopes, family }: ApprovedAddition,
  server: Server,
): Addition => {
  const { client, redirectUri } = asked;
  const requested = permissionsAt(asked, server.resources);
  const approved = permissionsAt({ ...asked, scopes }, server.resources);
  const permissions = decidedPermissions(approval.grant?.permissions ?? [], requested, approved);
  const event: HistoryEvent = {
    ...changeBy(approval.grant?.permissions ?? [], approved),
    at: server.clock(),
    clientId: client.clientId,
    clientName: client.name,
  };
  return {
    grant: {
      clientId: client.clientId,
      permissions,
      grantedAt: server.clock(),
      shownDigest: digestOf(shownTo(client, permissions, server)),
      clientName: client.name,
      clientUri: client.uri,
      redirectHost: destinationOf(redirectUri),
    },
    basedOn: approval.grant,
    family,
    event,
  };
};

const newFamily = (
  asked: AuthorizationRequest,
  scopes: readonly string[],
  { session, code, server }: { readonly session: Session; readonly code: CodeMaterial; readonly server: Server },
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
    address: { userKey: session.userKey, clientKey: clientKeyOf(asked.client.clientId), familyId: code.familyId },
    clientId: asked.client.clientId,
    scopes,
    resources: asked.resources,
    redirectUri: asked.redirectUri,
    createdAt: now,
    authTime: session.authTime,
    person: session.person,
    codeHash: sha256(code.secret),
    codeChallenge: asked.codeChallenge,
    codeExpiresAt: now + codeSeconds,
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

type Answer = { readonly code: CodeMaterial; readonly locatorKey: Buffer; readonly server: Server };

const answerWith = (asked: AuthorizationRequest, { address }: NewFamily, { code, locatorKey, server }: Answer): Reply =>
  redirectToClient(asked, server, { code: formatCode({ address, secret: code.secret }, locatorKey) });
