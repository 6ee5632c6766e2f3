/** POST /introspect (RFC 7662, RFC 9701): a resource server asks whether a token is still worth something. */

import { requireNotBlocked } from '../../flows/policy/service.ts';
import { introspectionOf, introspectionType, signedIntrospection } from '../../flows/token/introspection.ts';
import { namesMediaType } from '../../http/accept.ts';
import type { Story } from '../../http/endpoint.ts';
import { json, jwt } from '../../http/reply.ts';
import { isConfidential } from '../../oauth/clients/client.ts';
import { invalidClient } from '../../oauth/clients/client-authentication.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { authenticateClient } from './authenticate-client.ts';

const signedMediaType = `application/${introspectionType}`;

export const introspect: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates([]);
  const caller = await authenticateClient(form, request, server);
  // RFC 7662 §2.1: or anybody could try tokens out here.
  if (!isConfidential(caller)) throw invalidClient('introspection_by_public_client');
  await requireNotBlocked(caller, server);
  const token = form.get('token');
  if (token === undefined) throw new OAuthError('parameter_missing', 'token is required');
  const said = await introspectionOf(token, caller, server);
  return namesMediaType(request.header('accept'), signedMediaType)
    ? jwt(await signedIntrospection(said, caller, server), signedMediaType)
    : json(said);
};
