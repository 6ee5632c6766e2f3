/** What a caller may know of a token (RFC 7662): a value, signed for the caller where it asks for that (RFC 9701). */
import { detailsAt } from '../../oauth/access/details.ts';
import { isSameResource, type Resource } from '../../oauth/access/resources.ts';
import { audienceOf } from '../../oauth/access/target.ts';
import { isWithdrawn } from '../../oauth/access/withdrawn.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import type { AccessToken } from '../../oauth/tokens/access-token.ts';
import { sessionIdOf } from '../../oauth/tokens/locator.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { rulingOnFamily } from '../policy/held.ts';
import { type FoundAccessToken, type FoundToken, findToken, isAlive, scopesLeft } from './find-token.ts';
import { signedFor } from './issue.ts';

type Introspection = Readonly<Record<string, unknown>> & { readonly active: boolean };

/** RFC 7662 §2.2: not a word more, whatever the reason. */
const inactive: Introspection = { active: false };

/** Costs one read; two for a token that was exchanged, none for what was never ours. Throws `Unavailable`. */
export const introspectionOf = async (text: string, caller: Client, server: Server): Promise<Introspection> => {
  const found = await findToken(text, server);
  if (found === undefined) return inactive;
  return found.kind === 'refresh token'
    ? aboutRefreshToken(found, caller, server)
    : aboutAccessToken(found, caller, server);
};

const aboutAccessToken = async (found: FoundAccessToken, caller: Client, server: Server): Promise<Introspection> => {
  const token = withDeclaredDetails(found.token, server);
  const isForCaller =
    token.clientId === caller.clientId ||
    token.audience.some((one) => caller.resourceServerOf.some((own) => isSameResource(own, one)));
  if (!isForCaller) return inactive;
  const scopes = await scopesLeft(found, server);
  const details = detailsFor(token, caller, server);
  if (scopes.length + (token.details?.length ?? 0) === 0 || !(await isAlive(found, server))) return inactive;
  return {
    ...token.personClaims,
    active: true,
    iss: server.config.issuer,
    sub: token.subject,
    aud: audienceOf(token.audience),
    client_id: token.clientId,
    scope: scopeText(scopes),
    authorization_details: details,
    token_type: token.jkt === undefined ? 'Bearer' : 'DPoP',
    cnf: token.jkt === undefined ? undefined : { jkt: token.jkt },
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.jti,
    sid: token.sessionId,
    // RFC 9470 §6.2
    auth_time: token.authTime,
    acr: token.acr,
    granted_to: token.grantedTo,
    act: token.actor,
  };
};

/** Without authorization details of types that no resource declares any more. */
const withDeclaredDetails = (token: AccessToken, { resources }: Server): AccessToken => {
  const declared = detailsAt(token.details, resources);
  return { ...token, details: declared.length === 0 ? undefined : declared };
};

/** RFC 6749 §3.3: no scope is no empty list. */
const scopeText = (scopes: readonly string[]): string | undefined =>
  scopes.length === 0 ? undefined : scopes.join(' ');

/** RFC 9396 §9.2: a resource server reads what concerns it, the client all. */
const detailsFor = (token: AccessToken, caller: Client, server: Server): AccessToken['details'] => {
  if (token.details === undefined || token.clientId === caller.clientId) return token.details;
  const isOwn = ({ identifier }: Resource) => caller.resourceServerOf.some((own) => isSameResource(own, identifier));
  const details = detailsAt(token.details, server.resources.filter(isOwn));
  return details.length === 0 ? undefined : details;
};

/** A refresh token concerns nobody but the client that holds it. */
const aboutRefreshToken = async (
  { family, isCurrent }: Extract<FoundToken, { kind: 'refresh token' }>,
  caller: Client,
  server: Server,
): Promise<Introspection> => {
  const { address, clientId, lineage } = family;
  const instants = await server.store.deployment.notBefore.instantsFor(address);
  if (clientId !== caller.clientId || !isCurrent || lineage === undefined || isVoid(family, instants)) return inactive;
  const { refusal, withheld, endsAt = Number.POSITIVE_INFINITY } = await rulingOnFamily(family, server);
  if (refusal !== undefined) return inactive;
  const keys = await server.keys();
  return {
    active: true,
    iss: server.config.issuer,
    sub: subjectFor(caller, address.userKey, keys),
    client_id: clientId,
    scope: scopeText(family.scopes.filter((scope) => !isWithdrawn(scope, withheld, family))),
    authorization_details: family.details,
    iat: lineage.rotatedAt,
    exp: Math.min(lineage.idleExpiresAt, family.absoluteExpiresAt, endsAt),
    sid: sessionIdOf(address, keys.locator),
  };
};

/** RFC 9701 §5; its media type is `application/` and this. */
export const introspectionType = 'token-introspection+jwt';

/**
 * For the caller alone, and never to be taken for an access token: no `sub`, no `exp` outside of what it says of the token
 * (RFC 9701 §5, §8.1). Throws `too_many_requests`, `Unavailable`.
 */
export const signedIntrospection = (said: Introspection, caller: Client, server: Server): Promise<string> => {
  const claims = { iss: server.config.issuer, aud: caller.clientId, iat: server.clock(), token_introspection: said };
  return signedFor(caller, claims, { server, algorithm: caller.introspectionAlgorithm, type: introspectionType });
};
