/** What a person approved becomes part of their grant, and a family in state `code`. */
import { detailLines } from '../../oauth/access/details.ts';
import { permissionsAt } from '../../oauth/access/target.ts';
import type { Answer, Approval } from '../../oauth/authorization/approval.ts';
import { type Asked, shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { equalBytes } from '../../oauth/crypto.ts';
import { type Family, redeemableUntil } from '../../oauth/grants/family.ts';
import {
  type Decision as Decided,
  decided,
  includesAll,
  redirectHostsPerGrant,
  type StoredGrant,
} from '../../oauth/grants/grant.ts';
import { changeBy, type HistoryEvent } from '../../oauth/grants/history.ts';
import { type LastingLimits, secondsOf } from '../../oauth/grants/lasting.ts';
import type { FamilyAddress } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { Addition } from '../../storage/grant-addition.ts';
import { keepWhileUsed } from '../clients/keep-used.ts';
import { lastingLimits } from '../policy/lasting-limits.ts';
import { type Consent, type Credential, mustHearOfEnd, newFamily } from './new-family.ts';

export type Decision = {
  readonly session: Session;
  /** Whether that is a copy (`Sessions`), which must still be true. */
  readonly isCopy?: boolean;
  readonly approval: Approval;
  readonly answer: Answer;
  readonly credential: Credential;
  /** Where the answer goes, for a person to read; undefined if it goes to no address. */
  readonly destination: string | undefined;
  /** Nobody was asked: an operator has approved it for everyone. */
  readonly isForEveryone?: boolean;
};

export type Approved =
  | { readonly result: 'added'; readonly address: FamilyAddress }
  /** The same page was submitted before, and what redeems its family is spent. */
  | { readonly result: 'spent' }
  /** The page is out of date, or its write was fenced: the person must be asked again. */
  | { readonly result: 'stale' };

/** Stores the decision. The same submission again has the same result while its family has not been redeemed. */
export const approve = async (asked: Asked, decision: Decision, server: Server): Promise<Approved> => {
  await keepWhileUsed(asked.client, server);
  const addition = approvedAddition(asked, { ...decision, limits: await lastingLimits(server) }, server);
  const { address } = addition.family;
  const added = await server.store.grants.add(addition);
  if (added.result === 'added') return { result: 'added', address };
  // Nothing was written that says that a copy of the session is true.
  if (added.result !== 'exists' || added.family.endReason === 'fenced' || decision.isCopy) return { result: 'stale' };
  const { family } = added;
  const isUnspent =
    family.state === 'code' &&
    server.clock() < redeemableUntil(family) &&
    equalBytes(hashOf(family), hashOf(decision.credential));
  return isUnspent ? { result: 'added', address } : { result: 'spent' };
};

const hashOf = ({ code, device }: Pick<Family, 'code' | 'device'>): Buffer =>
  code?.codeHash ?? device?.deviceCodeHash ?? Buffer.alloc(0);

const nothing: Decided = { permissions: [], declined: [], once: [] };

type Limited = Decision & { readonly limits: LastingLimits };

const approvedAddition = (asked: Asked, decision: Limited, server: Server): Addition => {
  const { session, isCopy = false, approval, answer, credential } = decision;
  const { grant: before } = approval;
  const approved = permissionsAt({ ...asked, scopes: answer.scopes }, server.resources);
  const after = decided(before ?? nothing, { requested: asked.permissions, approved, lasting: answer.lasting });
  const now = consentNow(decision, server);
  const isOnce = answer.lasting === 'once';
  const byOperator = byOperatorAfter(decision, { requested: asked.permissions, approved });
  const family = newFamily(asked, answer.scopes, {
    session,
    credential,
    server,
    byOperator,
    consent: { ...now, families: before?.families ?? [], isOnce },
  });
  return {
    grant:
      isOnce && before !== undefined && before.permissions.length > 0
        ? { ...before, ...after, byOperator, clientId: asked.client.clientId, connectedAt: server.clock() }
        : rememberedGrant(asked, { ...decision, after, byOperator, now }, server),
    basedOn: before,
    family,
    session,
    sessionEtag: isCopy ? session.etag : undefined,
    signsIn: mustHearOfEnd(asked, family),
    events: eventsOf(asked, { decision, approved, after }, server),
    withdrawn: [...(before?.permissions ?? []), ...(before?.once ?? [])].filter(
      (one) => !after.permissions.includes(one) && !after.once.includes(one),
    ),
  };
};

type Asking = { readonly requested: readonly string[]; readonly approved: readonly string[] };

/** What a person approves is their own decision from then on, and so is what they had allowed before an operator did. */
const byOperatorAfter = (
  { approval: { grant: before }, isForEveryone = false }: Decision,
  { requested, approved }: Asking,
): readonly string[] => {
  const already = before?.byOperator ?? [];
  if (!isForEveryone) return already.filter((one) => !requested.includes(one));
  const own = (before?.permissions ?? []).filter((one) => !already.includes(one));
  return [...new Set([...already, ...approved])].filter((one) => !own.includes(one)).sort();
};

type Remembering = Decision & {
  readonly after: Decided;
  readonly byOperator: readonly string[];
  readonly now: Consent;
};

/** As the person saw it on this page. */
const rememberedGrant = (
  { client, permissions: requested }: Asked,
  { approval: { grant: before }, answer, destination, after, byOperator, now }: Remembering,
  server: Server,
): Addition['grant'] => {
  const consent = consentOf(before, requested, now);
  const hosts = (before?.redirectHosts ?? []).filter((one) => one !== destination);
  return {
    ...after,
    ...consent,
    byOperator,
    lasting: answer.lasting,
    idleExpiresAt: idleEnd(consent, server),
    clientId: client.clientId,
    grantedAt: server.clock(),
    connectedAt: server.clock(),
    shownDigest: shownDigestOf(client, after.permissions, server.resources),
    clientName: client.name,
    clientUri: client.uri,
    clientPublisher: client.publisher,
    redirectHost: destination ?? hosts.at(-1) ?? '',
    redirectHosts: [...hosts, ...(destination === undefined ? [] : [destination])].slice(-redirectHostsPerGrant),
  };
};

type Change = {
  readonly decision: Decision;
  readonly approved: readonly string[];
  readonly after: Decided;
};

const eventsOf = (
  { client, details }: Asked,
  { decision: { approval, isForEveryone = false }, approved, after }: Change,
  server: Server,
): readonly HistoryEvent[] => {
  const about = { at: server.clock(), clientId: client.clientId, clientName: client.name };
  const earlier = approval.grant?.permissions ?? [];
  const change = isForEveryone
    ? ({ kind: 'approved for everyone', permissions: approved } as const)
    : changeBy(earlier, approved);
  const left = earlier.filter((one) => !after.permissions.includes(one));
  const permissions = [...detailLines(details, server.resources), ...(change.permissions ?? [])];
  return [
    { ...change, permissions, ...(details === undefined ? {} : { details }), ...about },
    ...(left.length === 0 ? [] : [{ kind: 'narrowed', permissions: left, ...about } as const]),
  ];
};

export const idleEnd = ({ expiresAt }: Pick<StoredGrant, 'expiresAt'>, server: Server): number =>
  Math.min(expiresAt, server.clock() + server.config.lifetimes.refreshIdleSeconds);

const consentNow = ({ session, approval, answer, limits }: Limited, server: Server): Consent => ({
  sessionAt: session.createdAt,
  consentAt: approval.issuedAt,
  expiresAt: server.clock() + secondsOf(answer.lasting, limits),
});

/** What was allowed before and is not asked now goes on resting on that approval, and ends with it: so then does all. */
const consentOf = (before: Approval['grant'], requested: readonly string[], now: Consent): Consent => {
  if (before === undefined || includesAll(requested, before.permissions)) return now;
  return {
    sessionAt: Math.min(now.sessionAt, before.sessionAt),
    consentAt: Math.min(now.consentAt, before.consentAt),
    expiresAt: Math.min(now.expiresAt, before.expiresAt),
  };
};
