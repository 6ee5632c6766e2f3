/**
 * How many people a change concerns, by service, from what the index keeps: no scan. So many services are looked at, and of each so
 * many people, whatever there is; where there are more it is said.
 */
import { resourceKey } from '../../oauth/access/resources.ts';
import type { Concern, Effect } from '../../oauth/policy/effects.ts';
import { withIncluded } from '../../oauth/policy/matter.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { StoredClient } from '../../storage/client-rows.ts';
import { type IndexEntry, mayHold } from '../../storage/index-rows.ts';

/** `more`: there may be more of them than were looked at. */
type ServiceCount = {
  readonly clientId: string;
  readonly name: string;
  readonly people: number;
  readonly more: boolean;
};

export type CountedEffect = Omit<Effect, 'concerns'> & {
  readonly counts?: {
    /** Those with the most people first. */
    readonly services: readonly ServiceCount[];
    /** False when there are more services than were looked at. */
    readonly isComplete: boolean;
  };
};

const servicesLookedAt = 25;
const peopleLookedAt = 200;

type Services = { readonly clients: readonly StoredClient[]; readonly next: string | undefined };

/** At most one transaction for the list, and one for each service and effect. Throws `Unavailable`. */
export const counted = async (effects: readonly Effect[], server: Server): Promise<readonly CountedEffect[]> => {
  let services: Promise<Services> | undefined;
  const listed = () => (services ??= server.store.clients.list({ size: servicesLookedAt, after: undefined }));
  return Promise.all(
    effects.map(async ({ concerns, ...effect }) => {
      if (concerns === undefined) return effect;
      const { clients, next } = await concernedServices(concerns, listed, server);
      const counts = await Promise.all(clients.map((client) => countOf(client, concerns, server)));
      const some = counts.filter(({ people, more }) => people > 0 || more).toSorted((a, b) => b.people - a.people);
      return { ...effect, counts: { services: some, isComplete: next === undefined } };
    }),
  );
};

const concernedServices = async (
  concern: Concern,
  listed: () => Promise<Services>,
  server: Server,
): Promise<Services> => {
  if ('clientId' in concern && concern.clientId !== undefined) {
    const client = await server.store.clients.read(concern.clientId);
    return { clients: client === undefined ? [] : [client], next: undefined };
  }
  const { clients, next } = await listed();
  if (concern.of !== 'services without a rule') return { clients, next };
  const rules = await Promise.all(clients.map(({ clientId }) => server.store.policies.ruleOf(clientId)));
  return { clients: clients.filter((_, at) => rules[at] === undefined), next };
};

const countOf = async (client: StoredClient, concern: Concern, server: Server): Promise<ServiceCount> => {
  const { clientId, name } = client;
  const isMeant = judgeOf(concern, client, server);
  const { serviceIndex } = server.store;
  const clientKey = clientKeyOf(clientId);
  if (isMeant === 'all') return { clientId, name, people: await serviceIndex.count(clientKey), more: false };
  if (isMeant === 'none') return { clientId, name, people: 0, more: false };
  const { entries, next } = await serviceIndex.list(clientKey, { after: undefined, limit: peopleLookedAt });
  return { clientId, name, people: entries.filter(isMeant).length, more: next !== undefined };
};

const judgeOf = (
  concern: Concern,
  client: StoredClient,
  server: Server,
): 'all' | 'none' | ((entry: IndexEntry) => boolean) => {
  switch (concern.of) {
    case 'holders': {
      const held = mayBeHeld(concern.permissions, client, server);
      return held.length === 0 ? 'none' : (entry) => held.some((one) => mayHold(entry, one));
    }
    case 'approved before':
      return ({ consentAt }) => consentAt < concern.at;
    case 'signed in before':
      return ({ sessionAt }) => sessionAt < concern.at;
    default:
      return 'all';
  }
};

/** Those permissions, and whatever includes one, as far as the service is registered for them. */
const mayBeHeld = (permissions: readonly string[], client: StoredClient, { resources }: Server): readonly string[] => {
  const meant = new Set(permissions);
  return resources
    .flatMap(({ identifier, permissions: offered }) =>
      [...offered.keys()].map((id) => `${resourceKey(identifier)} ${id}`),
    )
    .concat(permissions)
    .filter((one) => client.scopes.includes(one.slice(one.indexOf(' ') + 1)))
    .filter((one) => withIncluded(one, resources).some((part) => meant.has(part)));
};
