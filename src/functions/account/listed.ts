/** Which services a page of "Manage authorizations" lists, and in which order, before anything is said of them. */
import type { Session } from '../../oauth/authorization/session.ts';
import { isLive, lastUsedAt } from '../../oauth/grants/family.ts';
import { isInForce, type StoredGrant } from '../../oauth/grants/grant.ts';
import { permissionIn } from '../../pages/permission-words.ts';
import type { Words } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import { authorizationsPerPage, type Overview } from '../../storage/overview.ts';

const idleSeconds = 90 * 86_400;

export type Wanted = {
  readonly query: string | undefined;
  /** Where the page begins: how many came before, or the key of the last one. */
  readonly after: string | undefined;
  /** In which the person searches. */
  readonly words: Words;
};

export type Listed = {
  readonly overview: Overview;
  /** Of one page, the last used first, idle ones behind. */
  readonly page: readonly Authorization[];
  /** Of how many; undefined where there are too many to count. */
  readonly total: number | undefined;
  readonly next: string | undefined;
};

/** When the service last got tokens, as far as rows remember. */
export const lastUseOf = ({ families }: Authorization): number | undefined => {
  const used = families.filter((family) => family.redeemedBy !== undefined).map(lastUsedAt);
  return used.length === 0 ? undefined : Math.max(...used);
};

/** True if nothing of it was used for ninety days; what cannot refresh is known by the codes that it was given. */
export const isIdle = (authorization: Authorization, now: number): boolean => {
  const { connectedAt, grantedAt, idleExpiresAt } = authorization.grant;
  // A row from before this was remembered: it moves that end at each connection, by ninety days unless it is set otherwise.
  const lastConnected = connectedAt ?? Math.max(grantedAt, idleExpiresAt - idleSeconds);
  return now - Math.max(lastConnected, lastUseOf(authorization) ?? 0) >= idleSeconds;
};

/** Throws `Unavailable`. */
export const listed = async (
  { userKey }: Session,
  { query, after, words }: Wanted,
  server: Server,
): Promise<Listed> => {
  const now = server.clock();
  const matches = matcherOf(query, words, server);
  const isOffset = /^\d{1,5}$/.test(after ?? '');
  const overview = await server.store.grants.overview(userKey, {
    after: after !== undefined && /^[\da-f]{32}$/.test(after) ? after : undefined,
    matches: (grant) => !grant.revoked && now < grant.expiresAt && matches(grant),
  });
  const held = await inForce(overview.authorizations, { userKey, now }, server);
  const sorted = held.filter(({ grant }) => matches(grant)).toSorted(byUse(now));
  if (overview.part !== undefined) return { overview, page: sorted, total: undefined, next: overview.part.last };
  const from = isOffset ? Number(after) : 0;
  const to = from + authorizationsPerPage;
  const next = to < sorted.length ? String(to) : undefined;
  return { overview, page: sorted.slice(from, to), total: sorted.length, next };
};

const inForce = async (
  all: readonly Authorization[],
  { userKey, now }: { readonly userKey: Buffer; readonly now: number },
  { store }: Server,
): Promise<readonly Authorization[]> => {
  const kept = await Promise.all(
    all.map(async (one) => {
      const instants = await store.deployment.notBefore.instantsFor({ userKey, clientKey: one.clientKey });
      return isInForce(one.grant, now, instants) && !isOver(one, now) ? [one] : [];
    }),
  );
  return kept.flat();
};

/** What was allowed once is over with its session: nothing is left to take back. */
const isOver = ({ grant, families }: Authorization, now: number): boolean =>
  grant.lasting === 'once' && !families.some((family) => isLive(family, now));

const byUse =
  (now: number) =>
  (a: Authorization, b: Authorization): number =>
    Number(isIdle(a, now)) - Number(isIdle(b, now)) ||
    (lastUseOf(b) ?? 0) - (lastUseOf(a) ?? 0) ||
    a.grant.clientName.localeCompare(b.grant.clientName, 'en');

/** By the service's name, the host that answers go to, and the names and ids of permissions. */
const matcherOf = (
  query: string | undefined,
  words: Words,
  { resources }: Server,
): ((grant: StoredGrant) => boolean) => {
  if (query === undefined) return () => true;
  const wanted = folded(query);
  const named = new Set(
    resources.flatMap(({ identifier, permissions }) =>
      [...permissions.values()]
        .filter((one) => folded(`${one.id} ${permissionIn(one, words).name}`).includes(wanted))
        .map(({ id }) => `${identifier} ${id}`),
    ),
  );
  return ({ clientName, redirectHost, permissions }) =>
    folded(`${clientName} ${redirectHost}`).includes(wanted) || permissions.some((one) => named.has(one));
};

const folded = (text: string): string => text.normalize('NFKC').toLocaleLowerCase('en');
