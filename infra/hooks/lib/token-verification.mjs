/** Verifies an access token the way a resource server would (RFC 9068 §4), with nothing but node:crypto. */
import { constants, createPublicKey, verify } from 'node:crypto';
import { expect } from './requests.mjs';

/** Each algorithm that Assent signs with, and what node:crypto calls it. */
const algorithms = {
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** The token's claims. Throws an Error that says what is wrong with it. */
export const verifiedClaims = (token, { keys, issuer, now = Date.now() / 1000 }) => {
  const parts = token.split('.');
  expect(parts.length === 3, 'the access token is no compact JWS');
  const [header, claims] = [decoded(parts[0]), decoded(parts[1])];
  expect(header.typ === 'at+jwt', `typ is ${header.typ}, not at+jwt`);
  const jwk = keys.find((key) => key.kid === header.kid);
  expect(jwk !== undefined, `the JWKS has no key ${header.kid}`);
  expect(header.alg in algorithms && jwk.alg === header.alg, `alg ${header.alg} does not fit the key`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  const genuine = verify('sha256', signed, { key, ...algorithms[header.alg] }, Buffer.from(parts[2], 'base64url'));
  expect(genuine, 'the signature does not verify');
  expect(claims.iss === issuer, `iss is ${claims.iss}, not ${issuer}`);
  expect(claims.exp > now && claims.iat <= now + 60, 'the token is not valid now');
  expect(typeof claims.aud === 'string' || Array.isArray(claims.aud), 'aud is missing');
  return claims;
};
