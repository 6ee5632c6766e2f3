/** What an API does with the tokens of Assent. ISSUER and RESOURCE are the two names that it needs. */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { revocationsOf } from './revocations.mjs';

const { ISSUER, RESOURCE, RESOURCE_METADATA = wellKnownOf(RESOURCE) } = process.env;

// Assent in ten lines
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', ISSUER));
const checks = { issuer: ISSUER, audience: RESOURCE, typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id'] };
export async function authorize(header, scope, maxAge = Infinity) {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) return refused(401, { scope });
  const claims = await jwtVerify(token, keys, checks).then(({ payload }) => payload, undefinedUnlessAway);
  if (claims === undefined || 'cnf' in claims || (await revocations.isRevoked(claims))) return invalid(scope);
  if (lacks(claims, scope)) return refused(403, { error: 'insufficient_scope', scope: both(claims, scope) });
  if (ageOf(claims) > maxAge) return refused(401, { error: 'insufficient_user_authentication', max_age: maxAge });
  return { token, claims };
}
// End of the ten lines

/** A person who revokes is obeyed within 15 seconds, and nobody is asked for each request. */
const revocations = revocationsOf(ISSUER, { keys });

/** `scope` may be several, with spaces between. */
const lacks = (claims, scope) => !scope.split(' ').every((one) => scopesOf(claims).includes(one));
const scopesOf = ({ scope }) => (typeof scope === 'string' ? scope.split(' ') : []);

/** A client that asks for the scope of the challenge alone keeps what it has. */
const both = (claims, scope) => [...new Set([...scopesOf(claims), ...scope.split(' ')])].join(' ');

/** Seconds since the person signed in; services never do. */
const ageOf = ({ auth_time: signedIn = 0 }) => Date.now() / 1000 - signedIn;

const invalid = (scope) => refused(401, { error: 'invalid_token', scope });

/** RFC 6750 §3, RFC 9728 §5.1: what is wrong, and where a client reads whom to ask for a token. */
function refused(status, parameters) {
  const all = Object.entries({ ...parameters, resource_metadata: RESOURCE_METADATA });
  return { status, challenge: `Bearer ${all.map(([name, value]) => `${name}="${value}"`).join(', ')}` };
}

/** That the keys cannot be fetched is not the token's fault: the caller answers 503, and no token passes. */
function undefinedUnlessAway(error) {
  const isTokens = /^ERR_(JWT|JWS|JWK_|JWKS_NO|JOSE_(ALG|NOT))/.test(error.code);
  if (!isTokens || !(error instanceof errors.JOSEError)) throw error;
  return undefined;
}

/** RFC 9728 §3.1: the path of the metadata stands before the path of the resource. */
function wellKnownOf(resource) {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
}

/** RFC 9728 §2. `scopes` are those that a client may ask for without having been told. */
export const metadataOf = (name, scopes) => ({
  resource: RESOURCE,
  resource_name: name,
  authorization_servers: [ISSUER],
  scopes_supported: scopes,
  bearer_methods_supported: ['header'],
});
