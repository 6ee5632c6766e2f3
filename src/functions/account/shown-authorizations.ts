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
import type { OperatorRequest } from '../../oauth/policy/operator-request.ts';
import { permissionIn, readerOf, resourceNameIn } from '../../pages/permission-words.ts';
import type { AuthorizationSummary } from '../../pages/service-row.ts';
import type { Words } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import { isIdle, lastUseOf } from './listed.ts';
import { rulesOn, type ShownRules } from './shown-rules.ts';

/** Who reads it, in which words, and what they have asked of operators. */
export type Reader = {
  readonly session: Session;
  readonly words: Words;
  readonly requests: readonly OperatorRequest[];
};

/** What is shown of these, in their order; nothing of services that are gone. Reads clients that are not cached. */
export const shownAuthorizations = async (
  authorizations: readonly Authorization[],
  reader: Reader,
  server: Server,
): Promise<readonly AuthorizationSummary[]> => {
  const shown = await Promise.all(
    authorizations.map(async (one) => {
      const known = await knownOf(one, reader, server);
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
  readonly rules: ShownRules;
  readonly words: Words;
};

/** Undefined when the service is gone. */
export const knownOf = async (
  { clientKey, grant, families }: Authorization,
  { session, words, requests }: Reader,
  server: Server,
): Promise<Known | undefined> => {
  const { userKey } = session;
  const instants = await server.store.deployment.notBefore.instantsFor({ userKey, clientKey });
  const client = await server.clients.resolveForReading(grant.clientId);
  const live = families.filter((family) => isLive(family, server.clock()) && !isVoid(family, instants));
  return client && { client, instants, live, rules: await rulesOn({ grant, live }, requests, server), words };
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
      readerOf(known.words),
    ),
    grantedAt: grant.grantedAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(use === undefined ? {} : { use }),
    sessions: live.filter(({ state }) => state === 'active').length,
    state: stateOf(authorization, known, server),
    rules: {
      withheld: namesOf(known.rules.withheld, known.words, server),
      waiting: namesOf(known.rules.waiting, known.words, server),
      forEveryone: namesOf(known.rules.forEveryone, known.words, server),
    },
    isIdle: isIdle(authorization, server.clock()),
  };
};

/** What people call these permissions (`permissionsAt`), each name once. */
export const namesOf = (
  permissions: readonly string[],
  words: Words,
  { resources }: Pick<Server, 'resources'>,
): readonly string[] => {
  const nameOf = (one: string): string => {
    const found = findPermission(one, resources);
    return found === undefined ? one : permissionIn(found.permission, words).name;
  };
  return [...new Set(permissions.map(nameOf))];
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
export const placesOf = ({ grant }: Authorization, known: Known, server: Server): readonly Place[] => {
  const { client, live, words } = known;
  const allowed = usable(heldPermissions(grant, live, server), client, server);
  return [...Map.groupBy(allowed, ({ resource }) => resourceNameIn(resource, words))].map(([name, permissions]) => ({
    name,
    permissions: permissions.map(({ id, permission }) => ({ id, permission: permissionIn(permission, words) })),
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
  { client, instants, live, rules }: Known,
  server: Server,
): AuthorizationSummary['state'] => {
  if (client.blocked) return 'blocked';
  if (rules.stop !== undefined) return rules.stop === 'ask again' ? 'must ask' : rules.stop;
  if (live.length > 0) return 'connected';
  const isAnswered = client.redirectUris.some((redirectUri) => answersAt(grant, { client, redirectUri }, server));
  return grant.permissions.length > 0 && isStanding(grant, server.clock(), instants) && isAnswered
    ? 'connects silently'
    : 'must ask';
};
