/** What a person approved becomes part of their grant, and a family in state `code`. */
import { detailLines } from '../../oauth/access/details.ts';
import { permissionsAt } from '../../oauth/access/target.ts';
import type { Approval } from '../../oauth/authorization/approval.ts';
import { type Asked, shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { equalBytes } from '../../oauth/crypto.ts';
import { type Family, redeemableUntil } from '../../oauth/grants/family.ts';
import { decided, includesAll, redirectHostsPerGrant, type StoredGrant } from '../../oauth/grants/grant.ts';
import { changeBy } from '../../oauth/grants/history.ts';
import type { FamilyAddress } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { Addition } from '../../storage/grant-addition.ts';
import { keepWhileUsed } from '../clients/keep-used.ts';
import { type Consent, type Credential, mustHearOfEnd, newFamily } from './new-family.ts';

export type Decision = {
  readonly session: Session;
  readonly approval: Approval;
  /** Those that the person allowed. */
  readonly scopes: readonly string[];
  readonly credential: Credential;
  /** Where the answer goes, for a person to read; undefined if it goes to no address. */
  readonly destination: string | undefined;
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
  const addition = approvedAddition(asked, decision, server);
  const { address } = addition.family;
  const added = await server.store.grants.add(addition);
  if (added.result === 'added') return { result: 'added', address };
  if (added.result !== 'exists' || added.family.endReason === 'fenced') return { result: 'stale' };
  const { family } = added;
  const isUnspent =
    family.state === 'code' &&
    server.clock() < redeemableUntil(family) &&
    equalBytes(hashOf(family), hashOf(decision.credential));
  return isUnspent ? { result: 'added', address } : { result: 'spent' };
};

const hashOf = ({ code, device }: Pick<Family, 'code' | 'device'>): Buffer =>
  code?.codeHash ?? device?.deviceCodeHash ?? Buffer.alloc(0);

const approvedAddition = (
  asked: Asked,
  { session, approval, scopes, credential, destination }: Decision,
  server: Server,
): Addition => {
  const { client } = asked;
  const { grant: before } = approval;
  const requested = asked.permissions;
  const approved = permissionsAt({ ...asked, scopes }, server.resources);
  const decision = decided(before ?? { permissions: [], declined: [] }, requested, approved);
  const consent = consentOf(before, requested, { session, approval, server });
  const hosts = (before?.redirectHosts ?? []).filter((one) => one !== destination);
  const withdrawn = (before?.permissions ?? []).filter((one) => !decision.permissions.includes(one));
  const change = changeBy(before?.permissions ?? [], approved);
  const details = detailLines(asked.details, server.resources);
  const about = { at: server.clock(), clientId: client.clientId, clientName: client.name };
  const family = newFamily(asked, scopes, {
    session,
    credential,
    server,
    consent: { ...consent, families: before?.families ?? [] },
  });
  return {
    grant: {
      ...decision,
      ...consent,
      idleExpiresAt: idleEnd(consent, server),
      clientId: client.clientId,
      grantedAt: server.clock(),
      connectedAt: server.clock(),
      shownDigest: shownDigestOf(client, decision.permissions, server.resources),
      clientName: client.name,
      clientUri: client.uri,
      redirectHost: destination ?? hosts.at(-1) ?? '',
      redirectHosts: [...hosts, ...(destination === undefined ? [] : [destination])].slice(-redirectHostsPerGrant),
    },
    basedOn: before,
    family,
    session,
    signsIn: mustHearOfEnd(asked, family),
    events: [
      { ...change, permissions: [...details, ...(change.permissions ?? [])], ...about },
      ...(withdrawn.length === 0 ? [] : [{ kind: 'narrowed', permissions: withdrawn, ...about } as const]),
    ],
    withdrawn,
  };
};

export const idleEnd = ({ expiresAt }: Pick<StoredGrant, 'expiresAt'>, server: Server): number =>
  Math.min(expiresAt, server.clock() + server.config.lifetimes.refreshIdleSeconds);

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
