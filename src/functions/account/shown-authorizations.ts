/** What the person's page says of each service, and no more than is there. */

import { answersAt } from '../../flows/authorization/remembered.ts';
import { detailsInWords } from '../../oauth/access/details.ts';
import { findPermission, mayAsk, permissionsAt } from '../../oauth/access/target.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { type Family, isLive, lastUsedAt } from '../../oauth/grants/family.ts';
import { type Grant, isInForce, isStanding } from '../../oauth/grants/grant.ts';
import { type Instants, isVoid } from '../../oauth/grants/not-before.ts';
import type { AuthorizationSummary } from '../../pages/authorizations.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';

/** What holds of these, the last used first, then by name. Reads clients that are not cached. */
export const shownAuthorizations = async (
  { authorizations }: { readonly authorizations: readonly Authorization[] },
  { userKey }: Session,
  server: Server,
): Promise<readonly AuthorizationSummary[]> => {
  const shown = await Promise.all(
    authorizations.map(async (authorization) => {
      const { clientKey, grant } = authorization;
      const instants = await server.store.deployment.notBefore.instantsFor({ userKey, clientKey });
      if (!isInForce(grant, server.clock(), instants)) return [];
      const client = await server.clients.resolveForReading(grant.clientId);
      if (client === undefined) return [];
      const summary = summaryOf(authorization, { client, instants }, server);
      // What was allowed once is over with its session: nothing is left to take back.
      return grant.lasting === 'once' && summary.state !== 'connected' ? [] : [summary];
    }),
  );
  return shown.flat().toSorted(byLastUse);
};

const byLastUse = (a: AuthorizationSummary, b: AuthorizationSummary): number =>
  (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || a.clientName.localeCompare(b.clientName, 'en');

type Known = { readonly client: Client; readonly instants: Instants };

const summaryOf = (authorization: Authorization, known: Known, server: Server): AuthorizationSummary => {
  const { grant, clientKey, families } = authorization;
  const used = families.filter((family) => family.redeemedBy !== undefined).map(lastUsedAt);
  const live = families.filter((family) => isLive(family, server.clock()) && !isVoid(family, known.instants));
  const allowed = Map.groupBy(usable(held(grant, live, server), known.client, server), ({ resource }) => resource.name);
  return {
    id: clientKey.toString('hex'),
    clientName: grant.clientName,
    ...(grant.clientUri === undefined ? {} : { clientUri: grant.clientUri }),
    redirectHost: grant.redirectHost,
    resources: [...allowed].map(([name, there]) => ({ name, permissions: there.map(({ permission }) => permission) })),
    details: detailsInWords(
      live.flatMap(({ details = [] }) => details),
      server.resources,
    ),
    grantedAt: grant.grantedAt,
    ...(used.length === 0 ? {} : { lastUsedAt: Math.max(...used) }),
    sessions: live.filter(({ state }) => state === 'active').length,
    state: stateOf(authorization, { ...known, live }, server),
  };
};

/** What is remembered, and what a live session was allowed for once. */
const held = (grant: Grant, live: readonly Family[], { resources }: Server): readonly string[] => [
  ...new Set([...grant.permissions, ...live.flatMap((family) => permissionsAt(family, resources))]),
];

/** Allowed by the person, and still the client's, and still offered. */
const usable = (allowed: readonly string[], client: Client, server: Server) =>
  allowed.flatMap((remembered) => {
    const found = findPermission(remembered, server.resources);
    return found !== undefined && mayAsk(client, found.permission.id) ? [found] : [];
  });

const stateOf = (
  { grant }: Authorization,
  { client, instants, live }: Known & { readonly live: readonly Family[] },
  server: Server,
): AuthorizationSummary['state'] => {
  if (client.blocked) return 'blocked';
  if (live.length > 0) return 'connected';
  const isAnswered = client.redirectUris.some((redirectUri) => answersAt(grant, { client, redirectUri }, server));
  return grant.permissions.length > 0 && isStanding(grant, server.clock(), instants) && isAnswered
    ? 'connects silently'
    : 'must ask';
};
