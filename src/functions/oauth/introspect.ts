/** POST /introspect (RFC 7662): a resource server asks whether a token is still worth something. */

import { type FoundToken, findToken, isAlive } from '../../flows/token/find-token.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { json, type Reply } from '../../http/reply.ts';
import { isSameResource } from '../../oauth/access/resources.ts';
import { audienceOf } from '../../oauth/access/target.ts';
import { type Client, isConfidential, requireUnblocked } from '../../oauth/clients/client.ts';
import { invalidClient } from '../../oauth/clients/client-authentication.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import { sessionIdOf } from '../../oauth/tokens/locator.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { authenticateClient } from './authenticate-client.ts';

export const introspect: Endpoint = {
  name: 'introspect',
  route: 'introspect',
  methods: ['POST'],
  audience: 'services',
  crossOrigin: false,
  handle: async (request, server) => {
    const form = await request.form();
    form.rejectDuplicates([]);
    const caller = await authenticateClient(form, request, server);
    // RFC 7662 §2.1: or anybody could try tokens out here.
    if (!isConfidential(caller)) throw invalidClient('introspection_by_public_client');
    requireUnblocked(caller);
    const token = form.get('token');
    if (token === undefined) throw new OAuthError('parameter_missing', 'token is required');
    const found = await findToken(token, server);
    return found === undefined ? inactive() : describe(found, caller, server);
  },
};

/** RFC 7662 §2.2: not a word more, whatever the reason. */
const inactive = (): Reply => json({ active: false });

const describe = async (found: FoundToken, caller: Client, server: Server): Promise<Reply> => {
  if (found.kind === 'refresh token') return describeRefreshToken(found, caller, server);
  const { token } = found;
  const isForCaller =
    token.clientId === caller.clientId ||
    token.audience.some((one) => caller.resourceServerOf.some((own) => isSameResource(own, one)));
  // The person may have narrowed the authorization since.
  const scopes = token.scopes.filter((scope) => found.family?.scopes.includes(scope) ?? true);
  if (!isForCaller || scopes.length === 0 || !(await isAlive(found, server))) return inactive();
  return json({
    ...token.personClaims,
    active: true,
    iss: server.config.issuer,
    sub: token.subject,
    aud: audienceOf(token.audience),
    client_id: token.clientId,
    scope: scopes.join(' '),
    token_type: token.jkt === undefined ? 'Bearer' : 'DPoP',
    ...(token.jkt === undefined ? {} : { cnf: { jkt: token.jkt } }),
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.jti,
    ...(token.sessionId === undefined ? {} : { sid: token.sessionId }),
  });
};

/** A refresh token concerns nobody but the client that holds it. */
const describeRefreshToken = async (
  { family, isCurrent }: Extract<FoundToken, { kind: 'refresh token' }>,
  caller: Client,
  server: Server,
): Promise<Reply> => {
  const { address, clientId, lineage } = family;
  const instants = await server.store.deployment.notBefore.instantsFor(address);
  if (clientId !== caller.clientId || !isCurrent || lineage === undefined || isVoid(family, instants))
    return inactive();
  const keys = await server.keys();
  return json({
    active: true,
    iss: server.config.issuer,
    sub: subjectFor(caller, address.userKey, keys),
    client_id: clientId,
    scope: family.scopes.join(' '),
    iat: lineage.rotatedAt,
    exp: Math.min(lineage.idleExpiresAt, family.absoluteExpiresAt),
    sid: sessionIdOf(address, keys.locator),
  });
};
