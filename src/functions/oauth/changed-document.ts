/** What a service says of itself in its document may change from one day to the next: people who allowed it something are told. */
import { type Asked, shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import type { Server } from '../../server.ts';

type Now = { readonly asked: Asked; readonly destination: string };

/** In a sentence or two for the person; undefined when nothing has changed, or they allow the service nothing yet. */
export const changeSince = (
  grant: StoredGrant | undefined,
  { asked: { client }, destination }: Now,
  { resources }: Pick<Server, 'resources'>,
): string | undefined => {
  if (grant === undefined || client.registrant.by !== 'document') return undefined;
  const isSame = grant.shownDigest === shownDigestOf(client, grant.permissions, resources);
  const isKnownPlace = grant.redirectHosts.includes(destination);
  if (isSame && isKnownPlace) return undefined;
  const changes = [
    ...(grant.clientName === client.name ? [] : [`it was called “${grant.clientName}”`]),
    ...(isKnownPlace ? [] : ['it took your answer elsewhere']),
  ];
  const before = changes.length === 0 ? 'its addresses, keys or links were others' : changes.join(', and ');
  return `This service has changed since you approved it: before, ${before}. Approve only if you expected that.`;
};
