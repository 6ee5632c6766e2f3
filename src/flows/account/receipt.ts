/** Receipts: what a person took back, or an operator for them, when, and until when it can linger, signed by this server. */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { byResource } from '../../oauth/grants/grant.ts';
import type { HistoryEvent } from '../../oauth/grants/history.ts';
import { subjectOf } from '../../oauth/tokens/locator.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import type { ListedEvent } from '../../storage/grant-rows.ts';

/** The `typ` of a receipt (RFC 8725 §3.11): it can be taken for no token of ours. Its media type is `application/` and this. */
export const receiptType = 'revocation-receipt+jwt';

/** What the clocks of two instances may differ by, and what is being answered while something ends. */
const marginSeconds = 60;

type Receipted = { readonly event: string; readonly by: 'person' | 'operator' };

/** Events that there are receipts for, as a receipt has them. */
const receipted: Readonly<Partial<Record<HistoryEvent['kind'], Receipted>>> = {
  'revoked by user': { event: 'authorization_revoked', by: 'person' },
  narrowed: { event: 'permissions_removed', by: 'person' },
  'ended by user': { event: 'connection_ended', by: 'person' },
  'ended by operator': { event: 'authorization_revoked', by: 'operator' },
};

export const hasReceipt = ({ kind }: Pick<HistoryEvent, 'kind'>): boolean => receipted[kind] !== undefined;

/**
 * Until when (epoch seconds) an access token can live that was made before what happened then: a resource server that does not
 * ask us takes it until it expires.
 */
export const lingersUntil = (at: number, { config }: Pick<Server, 'config'>): number =>
  at + config.lifetimes.accessTokenSeconds + marginSeconds;

/** The receipt for an event of the person's; undefined if there is none for its kind. Throws `too_many_requests`, `Unavailable`. */
export const receiptOf = async (event: ListedEvent, session: Session, server: Server): Promise<string | undefined> => {
  const about = receipted[event.kind];
  if (about === undefined) return undefined;
  const client = await server.clients.resolveForReading(event.clientId);
  const keys = await server.keys();
  return signed(session, server, {
    sub: client === undefined ? subjectOf(session.userKey, keys.subject) : subjectFor(client, session.userKey, keys),
    // As the audit log has it.
    jti: event.id.split('.').at(-1),
    event: about.event,
    revoked_by: about.by,
    order: event.order,
    client_id: event.clientId,
    client_name: event.clientName,
    permissions: byResource(event.permissions ?? []).map(([resource, scope]) => ({ resource, scope })),
    revoked_at: event.at,
    effective_by: lingersUntil(event.at, server),
  });
};

/** The receipt for an erasure at that instant (epoch seconds). Throws `too_many_requests`, `Unavailable`. */
export const erasureReceipt = async (at: number, session: Session, server: Server): Promise<string> => {
  const { subject } = await server.keys();
  const claims = {
    event: 'person_erased',
    revoked_by: 'person',
    revoked_at: at,
    effective_by: lingersUntil(at, server),
  };
  return signed(session, server, { sub: subjectOf(session.userKey, subject), ...claims });
};

/** Whoever a person shows it to learns who they are: it is theirs to give. */
const signed = (
  { userKey, displayName, accountName }: Session,
  server: Server,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> => {
  takeRateLimit('families', `receipts of ${userKey.toString('hex')}`, server);
  return server.signer.sign(receiptType, {
    iss: server.config.issuer,
    iat: server.clock(),
    name: displayName,
    preferred_username: accountName,
    ...claims,
  });
};
