/**
 * What Assent has ended lately, for an API in Node that verifies access tokens by itself (`jwtVerify` of `jose`) and still wants
 * to refuse within seconds what was revoked, without asking about every token:
 *
 *   const revocations = revocationsOf('https://login.example.com');
 *   const { payload } = await jwtVerify(token, keys, checks);
 *   if (await revocations.isRevoked(payload)) refuse with 401 and error="invalid_token";
 *
 * The list is fetched when somebody asks, at most every five seconds, in the background while it is younger than ten; what
 * is revoked is refused 15 seconds later at the latest. While it cannot be fetched the last one holds until it expires, and
 * then tokens count until they expire, as without this file: nobody is locked out because Assent is away. `onFailure`
 * hears of it.
 */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const refreshMilliseconds = 5_000;
const waitAfterMilliseconds = 10_000;
const timeoutMilliseconds = 2_000;

/** `issuer` is the one of the tokens; `keys` is what verifies them, if the API has it already. */
export function revocationsOf(issuer, { keys = keysOf(issuer), onFailure = () => undefined } = {}) {
  let list;
  let etag;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching;

  const fetchList = async () => {
    // Its age counts from before the request.
    triedAt = performance.now();
    const startedAt = triedAt;
    const answer = await fetch(new URL('/revocations', issuer), {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      signal: AbortSignal.timeout(timeoutMilliseconds),
      redirect: 'error',
    });
    if (answer.status === 200) {
      const checks = { issuer, typ: 'assent-revocations+jwt', requiredClaims: ['iat', 'exp'] };
      const { payload } = await jwtVerify(await answer.text(), keys, checks);
      list = indexed(payload);
      etag = answer.headers.get('etag') ?? undefined;
    } else if (answer.status !== 304) throw new Error(`/revocations answered ${answer.status}`);
    fetchedAt = startedAt;
  };

  const refresh = () => {
    fetching ??= fetchList()
      .catch(onFailure)
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };

  return {
    /** Whether what the token rests on has ended. `claims` are those of a token that was verified. Never throws. */
    async isRevoked(claims) {
      const now = performance.now();
      if (now - triedAt >= refreshMilliseconds) refresh();
      if (now - fetchedAt >= waitAfterMilliseconds) await fetching;
      return list !== undefined && Date.now() / 1000 < list.exp && isIn(list, claims);
    },
  };
}

const keysOf = (issuer) => createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer));

const indexed = ({ exp, ended, not_before: notBefore }) => ({
  exp,
  sid: new Set(ended.sid),
  jti: new Set(ended.jti),
  everyone: notBefore.everyone ?? 0,
  instants: Object.entries({ client_id: notBefore.client_id, granted_to: notBefore.client_id, ...notBefore })
    .filter(([claim]) => claim !== 'everyone')
    .map(([claim, byDigest]) => [claim, new Map(Object.entries(byDigest))]),
});

/** Values stand in the list as base64url of the first 16 bytes of their SHA-256. */
const digestOf = (value) => createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

const isIn = ({ sid, jti, everyone, instants }, claims) => {
  if (claims.iat < everyone) return true;
  if (claims.sid !== undefined && sid.has(digestOf(claims.sid))) return true;
  if (claims.jti !== undefined && jti.has(digestOf(claims.jti))) return true;
  return instants.some(([claim, byDigest]) => {
    const value = byDigest.size === 0 ? undefined : claims[claim];
    return value !== undefined && claims.iat < (byDigest.get(digestOf(value)) ?? 0);
  });
};
