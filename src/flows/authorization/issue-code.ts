/** An authorization becomes a family in state `code`. The code is a value here: how it travels is the endpoint's affair. */

import { type CodeMaterial, derivedCode, derivedSilentCode } from '../../oauth/authorization/approval.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import { destinationOf } from '../../oauth/authorization/redirect-uri.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import { basisIn } from '../../oauth/grants/not-before.ts';
import { type FamilyAddress, familyIdLength } from '../../oauth/tokens/locator.ts';
import { formatCode, secretLength } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import type { Addition } from '../../storage/grant-addition.ts';
import { keepWhileUsed } from '../clients/keep-used.ts';
import { type Approved, approve, type Decision, idleEnd } from './approve.ts';
import { type Credential, codeCredential, mustHearOfEnd, newFamily } from './new-family.ts';
import { unusable } from './request-source.ts';

/** The code for a remembered grant. Undefined when it has meanwhile changed, and the person must be asked. */
export const silentCode = async (
  asked: AuthorizationRequest,
  { session, grant }: { readonly session: Session; readonly grant: StoredGrant },
  server: Server,
): Promise<string | undefined> => {
  await keepWhileUsed(asked.client, server);
  const keys = await server.keys();
  const code = silentMaterial(asked, session, server);
  const credential = codeCredential(asked, code, server);
  const owner = { userKey: session.userKey, clientKey: asked.clientKey };
  const added = await server.store.grants.addWhile(grant, owner, (current) =>
    isSameDecision(current, grant) ? silentAddition(asked, { session, current, credential }, server) : undefined,
  );
  if (added === undefined) return undefined;
  if (!(await isFirstAnswer(asked, added.family.address, server))) throw unusable('request_uri_spent');
  return formatCode({ address: added.family.address, secret: code.secret }, keys);
};

const silentMaterial = ({ pushed }: AuthorizationRequest, session: Session, server: Server): CodeMaterial =>
  pushed === undefined
    ? { familyId: server.random(familyIdLength), secret: server.random(secretLength) }
    : derivedSilentCode(pushed.requestId, session);

/** True if the request was used, and not by the silent answer that this very browser got or missed. */
export const isSpent = ({ pushed }: AuthorizationRequest, session: Session | undefined): boolean =>
  pushed?.consumedBy !== undefined &&
  (session === undefined ||
    pushed.consumedBy !== derivedSilentCode(pushed.requestId, session).familyId.toString('hex'));

/**
 * A pushed request is answered once (RFC 9126 §7.3), whoever else has it open. It is consumed last, so that a store that does
 * not answer leaves it usable; a family whose code nobody gets can do nothing and expires with it.
 */
const isFirstAnswer = async (
  { pushed }: AuthorizationRequest,
  { familyId }: FamilyAddress,
  server: Server,
): Promise<boolean> => pushed === undefined || server.store.pushedRequests.consume(pushed, familyId.toString('hex'));

const isSameDecision = (a: StoredGrant, b: StoredGrant): boolean =>
  !a.revoked &&
  a.shownDigest === b.shownDigest &&
  a.consentAt === b.consentAt &&
  a.permissions.join() === b.permissions.join();

const silentAddition = (
  asked: AuthorizationRequest,
  {
    session,
    current,
    credential,
  }: { readonly session: Session; readonly current: StoredGrant; readonly credential: Credential },
  server: Server,
): Addition => {
  const { clientId, name } = asked.client;
  const basis = basisIn(session, current);
  const family = newFamily(asked, asked.scopes, {
    session,
    credential,
    server,
    byOperator: current.byOperator,
    consent: { ...basis, expiresAt: current.expiresAt, families: current.families },
  });
  return {
    grant: { ...current, connectedAt: server.clock(), idleExpiresAt: idleEnd(current, server) },
    basedOn: current,
    family,
    session,
    signsIn: mustHearOfEnd(asked, family),
    events: [{ kind: 'connected again', at: server.clock(), clientId, clientName: name }],
  };
};

export type ApprovedCode =
  | { readonly result: 'issued'; readonly code: string }
  | Exclude<Approved, { readonly result: 'added' }>;

/** Stores what a person approved. The same submission again gets the same code while it is unspent. */
export const approvedCode = async (
  asked: AuthorizationRequest,
  decided: Omit<Decision, 'credential' | 'destination'>,
  server: Server,
): Promise<ApprovedCode> => {
  const keys = await server.keys();
  const { session, approval, answer } = decided;
  const code = derivedCode(approval, answer, session);
  const credential = codeCredential(asked, code, server);
  const destination = destinationOf(asked.redirectUri);
  const approved = await approve(asked, { ...decided, credential, destination }, server);
  if (approved.result !== 'added') return approved;
  if (!(await isFirstAnswer(asked, approved.address, server))) return { result: 'spent' };
  return { result: 'issued', code: formatCode({ address: approved.address, secret: code.secret }, keys) };
};
