/** A service as its owners see it. */
import type { OwnedApp } from '../../flows/apps/owned.ts';
import { identityResource } from '../../oauth/access/openid-scopes.ts';
import { isOurOwn, type Resource } from '../../oauth/access/resources.ts';
import { proofOf } from '../../oauth/clients/person-registration.ts';
import type { ShownApp } from '../../pages/apps-parts.ts';
import type { OfferedArea } from '../../pages/apps-permissions.ts';
import { permissionIn, resourceNameIn } from '../../pages/permission-words.ts';
import type { Words } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';

export const shownApp = (app: OwnedApp): ShownApp => ({
  clientId: app.clientId,
  name: app.name,
  ...(app.logo === undefined ? {} : { logo: app.logo }),
  ...(app.publisher === undefined ? {} : { publisher: app.publisher }),
  proof: proofOf(app),
  blocked: app.blocked,
  verified: app.verified !== undefined,
  createdAt: app.createdAt,
  secrets: app.secrets.map(({ id, name, createdAt, expiresAt }) => ({
    id,
    ...(name === undefined ? {} : { name }),
    createdAt,
    expiresAt,
  })),
});

const isOffered =
  (identity: string) =>
  (resource: Resource): boolean =>
    !isOurOwn(resource) && resource.identifier !== identity;

/**
 * What a person's service may be registered for, by resource and area, in the words of who reads it. A scope that several
 * resources have is one box in each.
 */
export const offeredAreas = ({ resources, config }: Server, words: Words): readonly OfferedArea[] =>
  resources.filter(isOffered(identityResource(config.issuer).identifier)).flatMap((resource) =>
    [...Map.groupBy(permissionsIn(resource, words), ({ category }) => category)].map(([category, permissions]) => ({
      resource: resourceNameIn(resource, words),
      category,
      permissions,
    })),
  );

const permissionsIn = ({ permissions }: Resource, words: Words) =>
  [...permissions.values()].map((one) => permissionIn(one, words));
