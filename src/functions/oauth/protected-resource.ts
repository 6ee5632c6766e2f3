/**
 * GET /.well-known/oauth-protected-resource/{*resource} (RFC 9728 §3): the metadata of every resource, for those
 * that cannot serve a document of their own: a gateway, a function behind a key, a product. The path is what follows the
 * scheme of the identifier (`api.example.com/invoices`), and what follows the origin for a resource at this very origin, as
 * RFC 9728 §3.1 has it. The API names this address in its challenge (§5.1).
 */
import type { Story } from '../../http/endpoint.ts';
import { publicDocument } from '../../http/reply.ts';
import { isIdentityResource } from '../../oauth/access/openid-scopes.ts';
import { findResource, isOurOwn, type Resource } from '../../oauth/access/resources.ts';
import { OAuthError } from '../../oauth/errors.ts';

const maxAgeSeconds = 3_600;

/** `resource` as it is declared, which is the audience of its tokens. */
const describe = ({ identifier, name, permissions, detailTypes }: Resource, issuer: string) => ({
  resource: identifier,
  authorization_servers: [issuer],
  resource_name: name,
  // RFC 9728 §3.2: no empty array.
  ...(permissions.size === 0 ? {} : { scopes_supported: [...permissions.keys()] }),
  bearer_methods_supported: ['header'],
  ...(detailTypes === undefined ? {} : { authorization_details_types_supported: [...detailTypes.keys()] }),
});

const named = (path: string, issuer: string, resources: readonly Resource[]): Resource | undefined =>
  [`${issuer}/${path}`, `https://${path}`, `http://${path}`, path]
    .map((identifier) => findResource(identifier, resources))
    .find((resource) => resource !== undefined);

export const protectedResource: Story = async (request, server) => {
  const resources = (await server.offered.soon()).filter((one) => !isOurOwn(one) && !isIdentityResource(one));
  const resource = named(request.segment('resource') ?? '', server.config.issuer, resources);
  if (resource === undefined) throw new OAuthError('resource_not_described', 'there is no such resource here');
  return publicDocument(describe(resource, server.config.issuer), {
    maxAgeSeconds,
    presented: request.header('if-none-match'),
  });
};
