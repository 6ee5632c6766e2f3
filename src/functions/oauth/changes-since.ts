/** What has changed about a service since the person allowed it something: they are told before they allow it more. */
import { type Asked, shownDigestOf } from '../../oauth/authorization/asked.ts';
import type { Client } from '../../oauth/clients/client.ts';
import type { StoredGrant } from '../../oauth/grants/grant.ts';
import type { Changes } from '../../pages/approval.ts';
import type { Server } from '../../server.ts';

type Now = {
  readonly asked: Asked;
  /** Where the answer goes, for a person to read; `''` where that is no address. */
  readonly destination: string;
};

/** Undefined when nothing has changed, or they allow the service nothing yet. */
export const changesSince = (
  grant: StoredGrant | undefined,
  { asked: { client }, destination }: Now,
  { resources }: Pick<Server, 'resources'>,
): Changes | undefined => {
  if (grant === undefined || grant.permissions.length === 0) return undefined;
  const said = changesOfWords(grant, client);
  const isSame = grant.shownDigest === shownDigestOf(client, grant.permissions, resources);
  const isKnownPlace = destination === '' || grant.redirectHosts.includes(destination);
  const changes: Changes = {
    ...said,
    ...(isKnownPlace || grant.redirectHosts.length === 0 ? {} : { hosts: grant.redirectHosts }),
    ...(isSame || Object.keys(said).length > 0 ? {} : { other: otherOf(client) }),
  };
  return Object.keys(changes).length === 0 ? undefined : changes;
};

/** What it says of itself; `''` for what it did not say then. */
const changesOfWords = (grant: StoredGrant, { name, publisher, uri }: Client): Changes => ({
  ...(grant.clientName === name ? {} : { name: grant.clientName }),
  ...(grant.clientPublisher === publisher ? {} : { publisher: grant.clientPublisher ?? '' }),
  ...(grant.clientUri === uri ? {} : { website: grant.clientUri ?? '' }),
});

const otherOf = ({ registrant }: Client): 'document' | 'words' => (registrant.by === 'document' ? 'document' : 'words');
