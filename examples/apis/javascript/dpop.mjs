/**
 * Who sends a token that is bound to a key proves with each request that they hold the key (DPoP, RFC 9449): whoever has merely
 * seen the token can do nothing with it. For an API in Node that verifies access tokens by itself:
 *
 *   const proofs = proofsAt('https://api.example.com');
 *   const problem = await proofs.problemOf({ method, url, headers }, { scheme, token, claims });
 *   if (problem !== undefined) refuse with 401, and say what `problem` says
 *
 * The origin is where clients reach the API: a proof for another is none here, whatever a caller says in `Host`. What was proven
 * once is remembered by this process. Where several share the requests, another one of them would take a proof that somebody saw,
 * for a minute, with the same token, method and address: an API for which that is too much remembers in a table of its own.
 */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

export const dpopAlgorithms = ['ES256', 'PS256', 'EdDSA', 'RS256'];

/** How old a proof may be, and how far its clock may be from ours. */
const [maxTokenAge, clockTolerance] = [60, 10];
/** From when nobody would take a proof any more. */
const memoryMilliseconds = (maxTokenAge + 2 * clockTolerance) * 1000;

/** RFC 9449 §4.2, of a proof that goes with a token. */
const requiredClaims = ['jti', 'htm', 'htu', 'iat', 'ath'];
const checks = { typ: 'dpop+jwt', algorithms: dpopAlgorithms, requiredClaims, maxTokenAge, clockTolerance };

export function proofsAt(origin) {
  const isSpent = memoryOf(memoryMilliseconds);

  /** RFC 9449 §4.3: the proof is of the token's key, for this token and this request, and new. */
  const isProven = async ({ method, url, headers }, token, jkt) => {
    // Its key is in it and nothing is fetched, so whatever goes wrong is its own fault. Two headers come as one that is no JWT.
    const { payload, protectedHeader } = await jwtVerify(headers.dpop ?? '', EmbeddedJWK, checks).catch(() => ({}));
    if (payload === undefined || (await calculateJwkThumbprint(protectedHeader.jwk)) !== jkt) return false;
    const { jti, htm, htu, ath } = payload;
    const isForThis = htm === method && typeof htu === 'string' && addressOf(htu) === addressOf(pathOf(url), origin);
    return isForThis && ath === digestOf(token) && !isSpent(digestOf(`${jkt} ${jti}`));
  };

  return {
    /** What is wrong with sending this token so, for the challenge; undefined when nothing is. Never throws. */
    async problemOf(request, { scheme, token, claims: { cnf } }) {
      const isBearer = scheme.toLowerCase() === 'bearer';
      if (isBearer && cnf === undefined) return undefined;
      // RFC 9449 §7.2: what is bound is no bearer token, and the other way round.
      if (isBearer || cnf?.jkt === undefined) return { scheme: 'DPoP', error: 'invalid_token' };
      return (await isProven(request, token, cnf.jkt)) ? undefined : { scheme, error: 'invalid_dpop_proof' };
    },
  };
}

const digestOf = (value) => createHash('sha256').update(value).digest('base64url');

/** Of a request as Node has it, or a framework that knows some address of ours. */
const pathOf = (url) => (URL.canParse(url) ? new URL(url).pathname : url);

/** Without query and fragment, in one spelling (RFC 9449 §4.3); undefined for what is no address. */
const addressOf = (address, base) => {
  if (!URL.canParse(address, base)) return undefined;
  const { origin, pathname } = new URL(address, base);
  return origin + pathname;
};

/** Whether it was asked of a value before, within that time at least, and twice that at most. */
const memoryOf = (milliseconds) => {
  let [newer, older, turnedAt] = [new Set(), new Set(), performance.now()];
  return (value) => {
    const now = performance.now();
    if (now - turnedAt > milliseconds) [newer, older, turnedAt] = [new Set(), newer, now];
    const isKnown = newer.has(value) || older.has(value);
    newer.add(value);
    return isKnown;
  };
};
