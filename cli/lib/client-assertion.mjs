/** A client's proof by its own key (RFC 7523 §2.2, OpenID Connect Core §9: private_key_jwt). */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { Failure } from './failure.mjs';
import { jsonIn } from './http.mjs';

const lifetimeSeconds = 60;

/** By type of key: what it signs with, and how. */
const algorithms = {
  rsa: { alg: 'PS256', hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ec: { alg: 'ES256', hash: 'sha256', dsaEncoding: 'ieee-p1363' },
  ed25519: { alg: 'EdDSA', hash: null },
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** `text` is the key: PEM, or a JWK, whose `kid` and `alg` count then. Throws `Failure` for what is no private key. */
export const clientAssertion = ({ clientId, audience, text }) => {
  const jwk = jsonIn(text);
  const key = keyIn(text, jwk);
  const usual = algorithms[key.asymmetricKeyType];
  if (usual === undefined)
    throw new Failure('usage', `A key of type ${key.asymmetricKeyType} does not sign: RSA, EC P-256 or Ed25519 does.`);
  const { alg, hash, ...how } = jwk?.alg === 'RS256' ? { alg: 'RS256', hash: 'sha256' } : usual;
  const now = Math.floor(Date.now() / 1000);
  const header = { alg, typ: 'JWT', ...(jwk?.kid === undefined ? {} : { kid: jwk.kid }) };
  const who = { iss: clientId, sub: clientId, aud: audience };
  const input = `${encode(header)}.${encode({ ...who, jti: randomUUID(), iat: now, exp: now + lifetimeSeconds })}`;
  return `${input}.${sign(hash, Buffer.from(input), { key, ...how }).toString('base64url')}`;
};

const keyIn = (text, jwk) => {
  try {
    return createPrivateKey(jwk === undefined ? text : { key: jwk, format: 'jwk' });
  } catch {
    throw new Failure('usage', 'ASSENT_CLIENT_KEY_FILE holds no private key: PEM without a passphrase, or a JWK.');
  }
};
