/** A person takes one permission back from what they allowed a service. */
import { permissionsAt } from '../../oauth/access/target.ts';
import { dependents } from '../../oauth/access/withdrawn.ts';
import { shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { type Family, isLive } from '../../oauth/grants/family.ts';
import type { Grant, StoredGrant } from '../../oauth/grants/grant.ts';
import type { Server } from '../../server.ts';
import type { FamilyOwner } from '../../storage/families.ts';
import type { Narrowing } from '../../storage/narrowing.ts';

/** `gone`: there is no such authorization or permission any more. */
export type TakenBack = 'narrowed' | 'revoked' | 'gone';

/** What is remembered, and what a live session was allowed for once. */
export const heldPermissions = (
  grant: Pick<Grant, 'permissions'>,
  live: readonly Family[],
  { resources }: Server,
): readonly string[] => [
  ...new Set([...grant.permissions, ...live.flatMap((family) => permissionsAt(family, resources))]),
];

/** Those of the permissions that are left when one of them is taken back, and what goes with it. */
export const leftOf = (
  permission: string,
  held: readonly string[],
  { resources }: Pick<Server, 'resources'>,
): readonly string[] => {
  const gone = [permission, ...dependents(permission, held, resources)];
  return held.filter((one) => !gone.includes(one));
};

/**
 * Removes a permission, in the form of `permissionsAt`, and those that include it: what is left at the next refresh and at
 * introspection is less by that. The last one ends the authorization. Throws `Unavailable`.
 */
export const takeBack = async (owner: FamilyOwner, permission: string, server: Server): Promise<TakenBack> => {
  const { grants } = server.store;
  const seen = await grants.one(owner);
  if (seen === undefined || seen.grant.revoked) return 'gone';
  const live = seen.families.filter((one) => isLive(one, server.clock()));
  const held = heldPermissions(seen.grant, live, server);
  if (!held.includes(permission)) return 'gone';
  const left = leftOf(permission, held, server);
  if (left.length === 0) {
    const isLast = ({ permissions }: StoredGrant) => leftOf(permission, permissions, server).length === 0;
    return (await grants.revoke(owner.userKey, owner.clientKey, isLast)) ? 'revoked' : 'gone';
  }
  const withdrawn = held.filter((one) => !left.includes(one));
  const client = await server.clients.resolveForReading(seen.grant.clientId);
  const done = await grants.narrow(owner, (grant) => narrowingBy(withdrawn, { grant, client }, server));
  return done === undefined ? 'gone' : 'narrowed';
};

type Known = { readonly grant: StoredGrant; readonly client: Client | undefined };

const narrowingBy = (withdrawn: readonly string[], { grant, client }: Known, server: Server): Narrowing => {
  const { clientId, clientName } = grant;
  const permissions = grant.permissions.filter((one) => !withdrawn.includes(one));
  const declined = [...new Set([...grant.declined, ...withdrawn])].sort();
  return {
    grant: { permissions, declined, shownDigest: digestAfter(permissions, { grant, client }, server) },
    withdrawn,
    event: { kind: 'narrowed', at: server.clock(), clientId, clientName, permissions: withdrawn },
  };
};

/** What is left was shown already; whatever has changed since goes on asking the person. */
const digestAfter = (permissions: readonly string[], { grant, client }: Known, { resources }: Server): string =>
  client !== undefined && grant.shownDigest === shownDigestOf(client, grant.permissions, resources)
    ? shownDigestOf(client, permissions, resources)
    : grant.shownDigest;
