/** What the person's page says of each service, and no more than is there. */

import { heldPermissions } from '../../flows/account/narrow.ts';
import { answersAt } from '../../flows/authorization/remembered.ts';
import { detailsInWords } from '../../oauth/access/details.ts';
import type { Permission } from '../../oauth/access/resources.ts';
import { findPermission, mayAsk } from '../../oauth/access/target.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { byLastUse, type Family, isLive } from '../../oauth/grants/family.ts';
import { isStanding } from '../../oauth/grants/grant.ts';
import { type Instants, isVoid } from '../../oauth/grants/not-before.ts';
import type { AuthorizationSummary } from '../../pages/service-row.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import { isIdle, lastUseOf } from './listed.ts';

/** What is shown of these, in their order; nothing of services that are gone. Reads clients that are not cached. */
export const shownAuthorizations = async (
  authorizations: readonly Authorization[],
  session: Session,
  server: Server,
): Promise<readonly AuthorizationSummary[]> => {
  const shown = await Promise.all(
    authorizations.map(async (one) => {
      const known = await knownOf(one, session, server);
      return known === undefined ? [] : [summaryOf(one, known, server)];
    }),
  );
  return shown.flat();
};

/** What an authorization is judged by, beside itself. */
export type Known = {
  readonly client: Client;
  readonly instants: Instants;
  /** Families that can be used. */
  readonly live: readonly Family[];
};

/** Undefined when the service is gone. */
export const knownOf = async (
  { clientKey, grant, families }: Authorization,
  { userKey }: Session,
  server: Server,
): Promise<Known | undefined> => {
  const instants = await server.store.deployment.notBefore.instantsFor({ userKey, clientKey });
  const client = await server.clients.resolveForReading(grant.clientId);
  const live = families.filter((family) => isLive(family, server.clock()) && !isVoid(family, instants));
  return client && { client, instants, live };
};

export const summaryOf = (authorization: Authorization, known: Known, server: Server): AuthorizationSummary => {
  const { grant, clientKey } = authorization;
  const { client, live } = known;
  const lastUsedAt = lastUseOf(authorization);
  const use = lastUsed(authorization)?.use;
  return {
    id: clientKey.toString('hex'),
    clientName: grant.clientName,
    ...(grant.clientUri === undefined ? {} : { clientUri: grant.clientUri }),
    redirectHost: grant.redirectHost,
    look: { logo: client.logo, seed: grant.clientId },
    resources: placesOf(authorization, known, server).map(({ name, permissions }) => ({
      name,
      permissions: permissions.map(({ permission }) => permission),
    })),
    details: detailsInWords(
      live.flatMap(({ details = [] }) => details),
      server.resources,
    ),
    grantedAt: grant.grantedAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(use === undefined ? {} : { use }),
    sessions: live.filter(({ state }) => state === 'active').length,
    state: stateOf(authorization, known, server),
    isIdle: isIdle(authorization, server.clock()),
  };
};

const lastUsed = ({ families }: Authorization): Family | undefined =>
  families
    .filter((family) => family.redeemedBy !== undefined)
    .toSorted(byLastUse)
    .at(-1);

export type Place = {
  readonly name: string;
  /** Each as it is remembered (`permissionsAt`), and what it is. */
  readonly permissions: readonly { readonly id: string; readonly permission: Permission }[];
};

/** What it may do where. */
export const placesOf = ({ grant }: Authorization, { client, live }: Known, server: Server): readonly Place[] => {
  const allowed = usable(heldPermissions(grant, live, server), client, server);
  return [...Map.groupBy(allowed, ({ resource }) => resource.name)].map(([name, permissions]) => ({
    name,
    permissions,
  }));
};

/** Allowed by the person, and still the client's, and still offered. */
const usable = (allowed: readonly string[], client: Client, server: Server) =>
  allowed.flatMap((remembered) => {
    const found = findPermission(remembered, server.resources);
    return found !== undefined && mayAsk(client, found.permission.id) ? [{ id: remembered, ...found }] : [];
  });

const stateOf = (
  { grant }: Authorization,
  { client, instants, live }: Known,
  server: Server,
): AuthorizationSummary['state'] => {
  if (client.blocked) return 'blocked';
  if (live.length > 0) return 'connected';
  const isAnswered = client.redirectUris.some((redirectUri) => answersAt(grant, { client, redirectUri }, server));
  return grant.permissions.length > 0 && isStanding(grant, server.clock(), instants) && isAnswered
    ? 'connects silently'
    : 'must ask';
};
