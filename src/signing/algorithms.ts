/** What each signature algorithm needs: one row per algorithm, and no switch anywhere else. */
import { constants, type KeyObject, type SigningOptions, verify } from 'node:crypto';

type Algorithm = {
  /** JWK key type; an HSM-backed key of Key Vault (`RSA-HSM`, `EC-HSM`) is published as this too. */
  readonly kty: 'RSA' | 'EC';
  readonly hash: 'sha256';
  /** The algorithm's name in Key Vault's `sign` operation. */
  readonly vaultName: 'RS256' | 'PS256' | 'ES256';
  /** How `node:crypto` verifies such a signature, where the kind of the key does not say it. */
  readonly verifyOptions: SigningOptions | undefined;
  /** Whether a public key may be used with the algorithm. */
  readonly accepts: (key: KeyObject) => boolean;
};

// RFC 7518 §3.3 and §3.5: keys of 2048 bits or more.
const isRsa2048 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;

// RFC 7518 §3.4: the curve belongs to the algorithm.
const isP256 = (key: KeyObject): boolean => key.asymmetricKeyDetails?.namedCurve === 'prime256v1';

export const algorithms = {
  RS256: {
    kty: 'RSA',
    hash: 'sha256',
    vaultName: 'RS256',
    // RFC 7518 §3.3: PKCS #1 v1.5, which is what Node takes for granted.
    verifyOptions: undefined,
    accepts: isRsa2048,
  },
  PS256: {
    kty: 'RSA',
    hash: 'sha256',
    vaultName: 'PS256',
    // RFC 7518 §3.5: the salt is as long as the hash.
    verifyOptions: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    accepts: isRsa2048,
  },
  ES256: {
    kty: 'EC',
    hash: 'sha256',
    vaultName: 'ES256',
    // RFC 7518 §3.4: R and S, 32 bytes each, not DER.
    verifyOptions: { dsaEncoding: 'ieee-p1363' },
    accepts: isP256,
  },
} as const satisfies Record<string, Algorithm>;

export type SigningAlgorithm = keyof typeof algorithms;

/** What keys that sign with `algorithm` can sign with, that one first: clients choose among them (RFC 7591 §2). */
export const algorithmsBeside = (algorithm: SigningAlgorithm): readonly SigningAlgorithm[] => {
  const names = Object.keys(algorithms) as SigningAlgorithm[];
  const beside = names.filter((name) => name !== algorithm && algorithms[name].kty === algorithms[algorithm].kty);
  return [algorithm, ...beside];
};

/** True when `signature` is the algorithm's signature of `input` under `key`. */
export const isSignature = (
  algorithm: SigningAlgorithm,
  signed: { readonly input: string; readonly signature: Uint8Array; readonly key: KeyObject },
): boolean => {
  const { hash, verifyOptions } = algorithms[algorithm];
  // A key object by itself takes two thirds as long: Node finds out by an exception that anything else is none.
  const key = verifyOptions === undefined ? signed.key : { key: signed.key, ...verifyOptions };
  return verify(hash, Buffer.from(signed.input), key, signed.signature);
};
