/** A service as its owners see it. */
import type { OwnedApp } from '../../flows/apps/owned.ts';
import { identityResource } from '../../oauth/access/openid-scopes.ts';
import { isOurOwn, type Resource } from '../../oauth/access/resources.ts';
import { proofOf } from '../../oauth/clients/person-registration.ts';
import type { ShownApp } from '../../pages/apps-parts.ts';
import type { OfferedArea } from '../../pages/apps-permissions.ts';
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

/** What a person's service may be registered for, by resource and area. A scope that several resources have is one box in each. */
export const offeredAreas = ({ resources, config }: Server): readonly OfferedArea[] =>
  resources.filter(isOffered(identityResource(config.issuer).identifier)).flatMap(({ name, permissions }) =>
    [...Map.groupBy(permissions.values(), ({ category }) => category)].map(([category, those]) => ({
      resource: name,
      category,
      permissions: those.map(({ id, name: title, description, highPrivilege }) => ({
        id,
        name: title,
        description,
        highPrivilege,
      })),
    })),
  );
