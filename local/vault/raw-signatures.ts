/**
 * Signatures over a digest that is already made, which is what Key Vault's `sign` takes and `node:crypto` does not
 * offer: each from its parts. Good enough for a laptop; not constant in time, so not for real keys.
 */
import { constants, createECDH, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';

/** DER of `DigestInfo` for SHA-256 up to the digest itself (RFC 8017 §9.2, note 1). */
const sha256DigestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const signPkcs1 = (key: KeyObject, digest: Buffer): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([sha256DigestInfo, digest]));

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 8017 §B.2.1 */
const mask = (seed: Buffer, length: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, counter) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(counter);
    return sha256(seed, bytes);
  });
  return Buffer.concat(blocks).subarray(0, length);
};

/** EMSA-PSS-ENCODE with SHA-256 and a salt of 32 bytes (RFC 8017 §9.1.1), then the bare RSA operation. */
const signPss = (key: KeyObject, digest: Buffer): Buffer => {
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const salt = randomBytes(32);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const data = Buffer.concat([Buffer.alloc(bytes - 32 - 32 - 2), Buffer.of(1), salt]);
  const masked = Buffer.from(mask(hash, data.length).map((byte, index) => byte ^ (data[index] ?? 0)));
  // The modulus is a whole number of bytes long, so exactly one leading bit must be clear.
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.concat([masked, hash, Buffer.of(0xbc)]));
};

/** Order of the group of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const toBigInt = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** The inverse by Fermat's little theorem: the order is a prime. */
const inverse = (value: bigint): bigint => {
  let result = 1n;
  let base = value % order;
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
};

/** FIPS 186-5 §6.4.1; the result is R and S as Key Vault and JWS have them (RFC 7518 §3.4). */
const signEcdsa = (key: KeyObject, digest: Buffer): Buffer => {
  const { d = '' } = key.export({ format: 'jwk' });
  const secret = toBigInt(Buffer.from(d, 'base64url'));
  const once = createECDH('prime256v1');
  const point = once.generateKeys();
  const r = toBigInt(point.subarray(1, 33)) % order;
  const s = (inverse(toBigInt(once.getPrivateKey())) * (toBigInt(digest) + r * secret)) % order;
  return r === 0n || s === 0n ? signEcdsa(key, digest) : Buffer.concat([toBytes(r), toBytes(s)]);
};

/** Key Vault's algorithm names: the key type each needs, and how it signs a SHA-256 digest. */
export const rawSignatures: Readonly<
  Record<string, { kty: 'RSA' | 'EC'; sign: (key: KeyObject, digest: Buffer) => Buffer }>
> = {
  RS256: { kty: 'RSA', sign: signPkcs1 },
  PS256: { kty: 'RSA', sign: signPss },
  ES256: { kty: 'EC', sign: signEcdsa },
};
