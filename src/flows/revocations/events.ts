/**
 * Ends of sessions as security events, for a resource server that polls (RFC 8936 §2): those whose tokens are for one of its
 * resources, until it has acknowledged them or no token of the session can be alive any more.
 */
import { takeSignature } from '../../limits/signatures.ts';
import type { Client } from '../../oauth/clients/client.ts';
import type { Announced } from '../../oauth/grants/revocation.ts';
import { sessionIdOf } from '../../oauth/tokens/locator.ts';
import { digestOfResource, relevantSince } from '../../oauth/tokens/revocation-list.ts';
import {
  type AnnouncedEnd,
  eventIdOf,
  securityEventClaims,
  securityEventType,
} from '../../oauth/tokens/security-event.ts';
import type { Server } from '../../server.ts';

/** Each is a signature. */
const eventsPerPoll = 20;

export type Poll = {
  /** As many as the caller wants at most; 0 to acknowledge only. */
  readonly maxEvents: number;
  /** Ids of events that need not be delivered again, whether they were understood or not. */
  readonly done: readonly string[];
};

/** Signed events by their ids, and whether there are more (RFC 8936 §2.3). */
export type Polled = { readonly sets: Readonly<Record<string, string>>; readonly moreAvailable: boolean };

/** Throws `too_many_requests`, `Unavailable`. */
export const pollEvents = async ({ maxEvents, done }: Poll, caller: Client, server: Server): Promise<Polled> => {
  const { clientId } = caller;
  const pending = await pendingOf(caller, server);
  const acknowledged = done.flatMap((jti) => {
    const end = pending.get(jti);
    return end === undefined ? [] : [{ jti, at: end.at }];
  });
  await server.store.acknowledged.add(clientId, acknowledged);
  for (const { jti } of acknowledged) pending.delete(jti);
  const next = [...pending].slice(0, Math.min(maxEvents, eventsPerPoll));
  const sets = await Promise.all(next.map(async ([jti, end]) => [jti, await signed(end, clientId, server)] as const));
  return { sets: Object.fromEntries(sets), moreAvailable: pending.size > next.length };
};

/** The oldest first, each once. */
const pendingOf = async (caller: Client, server: Server): Promise<Map<string, AnnouncedEnd>> => {
  const { store, config, clock } = server;
  const now = clock();
  const since = relevantSince(now, config.lifetimes.accessTokenSeconds);
  const [{ revocations }, acknowledged] = await Promise.all([
    store.revocations.since(since),
    store.acknowledged.of(caller.clientId, since, now),
  ]);
  const own = new Set(caller.resourceServerOf.map(digestOfResource));
  const pending = revocations
    .filter((one) => isEnd(one) && one.resources.some((resource) => own.has(resource)))
    .toReversed()
    .map((end) => [eventIdOf(end as AnnouncedEnd, caller.clientId), end as AnnouncedEnd] as const);
  return new Map(pending.filter(([jti]) => !acknowledged.has(jti)));
};

/** A session whose permissions were narrowed goes on. */
const isEnd = (one: Announced): one is Announced & AnnouncedEnd => one.kind === 'session' && one.before === undefined;

const signed = async (end: AnnouncedEnd, clientId: string, server: Server): Promise<string> => {
  takeSignature(clientId, server);
  const sid = sessionIdOf(end, (await server.keys()).locator);
  return server.signer.sign(
    securityEventType,
    securityEventClaims({ issuer: server.config.issuer, clientId, sid, end }),
  );
};
