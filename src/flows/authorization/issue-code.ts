/** An authorization becomes a family in state `code`. The code is a value here: how it travels is the endpoint's affair. */

import { permissionsAt } from '../../oauth/access/target.ts';
import type { Approval } from '../../oauth/authorization/approval.ts';
import { derivedCode } from '../../oauth/authorization/approval.ts';
import { type AuthorizationRequest, shownDigestOf } from '../../oauth/authorization/authorization-request.ts';
import { destinationOf } from '../../oauth/authorization/redirect-uri.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { equalBytes, sha256 } from '../../oauth/crypto.ts';
import { decided, includesAll, redirectHostsPerGrant, type StoredGrant } from '../../oauth/grants/grant.ts';
import { changeBy } from '../../oauth/grants/history.ts';
import { basisIn } from '../../oauth/grants/not-before.ts';
import { familyIdLength } from '../../oauth/tokens/locator.ts';
import { formatCode, secretLength } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import type { Addition } from '../../storage/grant-addition.ts';
import { type CodeMaterial, type Consent, newFamily } from './new-family.ts';

/** The code for a remembered grant. Undefined when it has meanwhile changed, and the person must be asked. */
export const silentCode = async (
  asked: AuthorizationRequest,
  { session, grant }: { readonly session: Session; readonly grant: StoredGrant },
  server: Server,
): Promise<string | undefined> => {
  const keys = await server.keys();
  const code = { familyId: server.random(familyIdLength), secret: server.random(secretLength) };
  const owner = { userKey: session.userKey, clientKey: asked.clientKey };
  const added = await server.store.grants.addWhile(grant, owner, (current) =>
    isSameDecision(current, grant) ? silentAddition(asked, { session, current, code }, server) : undefined,
  );
  return added && formatCode({ address: added.family.address, secret: code.secret }, keys);
};

const isSameDecision = (a: StoredGrant, b: StoredGrant): boolean =>
  !a.revoked &&
  a.shownDigest === b.shownDigest &&
  a.consentAt === b.consentAt &&
  a.permissions.join() === b.permissions.join();

const silentAddition = (
  asked: AuthorizationRequest,
  { session, current, code }: { readonly session: Session; readonly current: StoredGrant; readonly code: CodeMaterial },
  server: Server,
): Addition => {
  const { clientId, name } = asked.client;
  const basis = basisIn(session, current);
  return {
    grant: { ...current, idleExpiresAt: idleEnd(current, server) },
    basedOn: current,
    family: newFamily(asked, asked.scopes, {
      session,
      code,
      server,
      consent: { ...basis, expiresAt: current.expiresAt, families: current.families },
    }),
    events: [{ kind: 'connected again', at: server.clock(), clientId, clientName: name }],
  };
};

const idleEnd = ({ expiresAt }: Pick<StoredGrant, 'expiresAt'>, server: Server): number =>
  Math.min(expiresAt, server.clock() + server.config.lifetimes.refreshIdleSeconds);

export type ApprovedCode =
  | { readonly result: 'issued'; readonly code: string }
  /** The same page was submitted before, and its code is spent. */
  | { readonly result: 'spent' }
  /** The page is out of date, or its write was fenced: the person must be asked again. */
  | { readonly result: 'stale' };

/** Stores what a person approved. The same submission again gets the same code while it is unspent. */
export const approvedCode = async (
  asked: AuthorizationRequest,
  {
    session,
    approval,
    scopes,
  }: { readonly session: Session; readonly approval: Approval; readonly scopes: readonly string[] },
  server: Server,
): Promise<ApprovedCode> => {
  const keys = await server.keys();
  const code = derivedCode(approval, scopes, session);
  const addition = approvedAddition(asked, { session, approval, scopes, code }, server);
  const { family } = addition;
  const added = await server.store.grants.add(addition);
  if (added.result === 'changed') return { result: 'stale' };
  if (added.result === 'exists' && added.family.endReason === 'fenced') return { result: 'stale' };
  const isAnswerable =
    added.result === 'added' ||
    (added.family.state === 'code' &&
      server.clock() < (added.family.code?.codeExpiresAt ?? 0) &&
      equalBytes(added.family.code?.codeHash ?? Buffer.alloc(0), sha256(code.secret)));
  return isAnswerable
    ? { result: 'issued', code: formatCode({ address: family.address, secret: code.secret }, keys) }
    : { result: 'spent' };
};

type ApprovedDecision = {
  readonly session: Session;
  readonly approval: Approval;
  readonly scopes: readonly string[];
  readonly code: CodeMaterial;
};

const approvedAddition = (
  asked: AuthorizationRequest,
  { session, approval, scopes, code }: ApprovedDecision,
  server: Server,
): Addition => {
  const { client, redirectUri } = asked;
  const { grant: before } = approval;
  const requested = asked.permissions;
  const approved = permissionsAt({ ...asked, scopes }, server.resources);
  const decision = decided(before ?? { permissions: [], declined: [] }, requested, approved);
  const consent = consentOf(before, requested, { session, approval, server });
  const host = destinationOf(redirectUri);
  const withdrawn = (before?.permissions ?? []).filter((one) => !decision.permissions.includes(one));
  const about = { at: server.clock(), clientId: client.clientId, clientName: client.name };
  return {
    grant: {
      ...decision,
      ...consent,
      idleExpiresAt: idleEnd(consent, server),
      clientId: client.clientId,
      grantedAt: server.clock(),
      shownDigest: shownDigestOf(client, decision.permissions, server.resources),
      clientName: client.name,
      clientUri: client.uri,
      redirectHost: host,
      redirectHosts: [...(before?.redirectHosts ?? []).filter((one) => one !== host), host].slice(
        -redirectHostsPerGrant,
      ),
    },
    basedOn: before,
    family: newFamily(asked, scopes, {
      session,
      code,
      server,
      consent: { ...consent, families: before?.families ?? [] },
    }),
    events: [
      { ...changeBy(before?.permissions ?? [], approved), ...about },
      ...(withdrawn.length === 0 ? [] : [{ kind: 'narrowed', permissions: withdrawn, ...about } as const]),
    ],
    withdrawn,
  };
};

/** What was allowed before and is not asked now goes on resting on that approval, and ends with it: so then does all. */
const consentOf = (
  before: Approval['grant'],
  requested: readonly string[],
  { session, approval, server }: { readonly session: Session; readonly approval: Approval; readonly server: Server },
): Consent => {
  const expiresAt = server.clock() + server.config.lifetimes.refreshAbsoluteSeconds;
  const now = { sessionAt: session.createdAt, consentAt: approval.issuedAt, expiresAt };
  if (before === undefined || includesAll(requested, before.permissions)) return now;
  return {
    sessionAt: Math.min(now.sessionAt, before.sessionAt),
    consentAt: Math.min(now.consentAt, before.consentAt),
    expiresAt: Math.min(now.expiresAt, before.expiresAt),
  };
};
