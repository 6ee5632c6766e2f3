/** A person takes one permission back from what they allowed a service. */
import { dependents } from '../../oauth/access/withdrawn.ts';
import { shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { Client } from '../../oauth/clients/client.ts';
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import type { Server } from '../../server.ts';
import type { FamilyOwner } from '../../storage/families.ts';
import type { Narrowing } from '../../storage/narrowing.ts';

/** `gone`: there is no such authorization or permission any more. */
export type TakenBack = 'narrowed' | 'revoked' | 'gone';

/**
 * Removes a permission, in the form of `permissionsAt`, and those that include it: what is left at the next refresh and at
 * introspection is less by that. The last one ends the authorization. Throws `Unavailable`.
 */
export const takeBack = async (owner: FamilyOwner, permission: string, server: Server): Promise<TakenBack> => {
  const { grants } = server.store;
  const seen = await grants.read(owner.userKey, owner.clientKey);
  if (seen === undefined || seen.revoked || !seen.permissions.includes(permission)) return 'gone';
  const client = await server.clients.resolveForReading(seen.clientId);
  const done = await grants.narrow(owner, (grant) => narrowingBy(permission, { grant, client }, server));
  if (done !== undefined) return 'narrowed';
  const isLast = ({ permissions }: StoredGrant) => leftOf(permission, permissions, server).length === 0;
  return (await grants.revoke(owner.userKey, owner.clientKey, isLast)) ? 'revoked' : 'gone';
};

type Known = { readonly grant: StoredGrant; readonly client: Client | undefined };

/** Undefined when nothing would be left, or the permission is not there. */
const narrowingBy = (permission: string, { grant, client }: Known, server: Server): Narrowing | undefined => {
  const permissions = leftOf(permission, grant.permissions, server);
  if (permissions.length === 0 || !grant.permissions.includes(permission)) return undefined;
  const withdrawn = grant.permissions.filter((one) => !permissions.includes(one));
  const { clientId, clientName } = grant;
  const declined = [...new Set([...grant.declined, ...withdrawn])].sort();
  return {
    grant: { permissions, declined, shownDigest: digestAfter(permissions, { grant, client }, server) },
    withdrawn,
    event: { kind: 'narrowed', at: server.clock(), clientId, clientName, permissions: withdrawn },
  };
};

const leftOf = (permission: string, allowed: readonly string[], { resources }: Server): readonly string[] => {
  const gone = [permission, ...dependents(permission, allowed, resources)];
  return allowed.filter((one) => !gone.includes(one));
};

/** What is left was shown already; whatever has changed since goes on asking the person. */
const digestAfter = (permissions: readonly string[], { grant, client }: Known, { resources }: Server): string =>
  client !== undefined && grant.shownDigest === shownDigestOf(client, grant.permissions, resources)
    ? shownDigestOf(client, permissions, resources)
    : grant.shownDigest;
