/** What an API does with the tokens of Assent. ISSUER and RESOURCE are the two names that it needs. */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { dpopAlgorithms, proofsAt } from './dpop.mjs';
import { revocationsOf } from './revocations.mjs';

const { ISSUER, RESOURCE, RESOURCE_METADATA = wellKnownOf(RESOURCE), ORIGIN = new URL(RESOURCE).origin } = process.env;

// Assent in ten lines
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', ISSUER));
const checks = { issuer: ISSUER, audience: RESOURCE, typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id'] };
export async function authorize(request, scope, maxAge = Infinity) {
  const [, scheme, token] = /^(Bearer|DPoP) +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return refused(401, { scope });
  const claims = await jwtVerify(token, keys, checks).then(({ payload }) => payload, undefinedUnlessAway);
  const problem = await problemOf(request, { scheme, token, claims });
  if (problem !== undefined) return refused(401, { scheme, ...problem, scope });
  if (lacks(claims, scope)) return refused(403, { scheme, error: 'insufficient_scope', scope: both(claims, scope) });
  return ageOf(claims) > maxAge ? refused(401, { scheme, ...staleSignIn, max_age: maxAge }) : { token, claims };
}
// End of the ten lines

/** A person who revokes is obeyed within 15 seconds, and nobody is asked for each request. */
const revocations = revocationsOf(ISSUER, { keys });
/** Tokens that are bound to a key come with a proof. ORIGIN is where clients reach this API, if its identifier is elsewhere. */
const proofs = proofsAt(ORIGIN);

async function problemOf(request, { scheme, token, claims }) {
  if (claims === undefined || (await revocations.isRevoked(claims))) return { error: 'invalid_token' };
  return proofs.problemOf(request, { scheme, token, claims });
}

/** `scope` may be several, with spaces between. */
const lacks = (claims, scope) => !scope.split(' ').every((one) => scopesOf(claims).includes(one));
const scopesOf = ({ scope }) => (typeof scope === 'string' ? scope.split(' ') : []);

/** A client that asks for the scope of the challenge alone keeps what it has. */
const both = (claims, scope) => [...new Set([...scopesOf(claims), ...scope.split(' ')])].join(' ');

/** Seconds since the person signed in; services never do. */
const ageOf = ({ auth_time: signedIn = 0 }) => Date.now() / 1000 - signedIn;

const staleSignIn = { error: 'insufficient_user_authentication' };

/** RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1: what is wrong, and where a client reads whom to ask for a token. */
function refused(status, { scheme, ...parameters }) {
  const isBound = scheme?.toLowerCase() === 'dpop';
  const all = {
    ...parameters,
    resource_metadata: RESOURCE_METADATA,
    ...(isBound && { algs: dpopAlgorithms.join(' ') }),
  };
  const said = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return { status, challenge: `${isBound ? 'DPoP' : 'Bearer'} ${said.join(', ')}` };
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
  dpop_signing_alg_values_supported: dpopAlgorithms,
});
