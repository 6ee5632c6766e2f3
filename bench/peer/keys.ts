/** The peer's signing key: in Key Vault through oidc-provider's external signing keys, or of the process's own. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { type CryptographyClient, KeyClient, type KeyVaultKey } from '@azure/keyvault-keys';
import { ExternalSigningKey } from 'oidc-provider';

/** A member of oidc-provider's `jwks`, and the algorithm it is used with. */
export type SigningKey = { readonly alg: 'RS256' | 'ES256'; readonly key: unknown };

/** A new P-256 key: the cheapest signature that the peer has. */
export const localKey = (): SigningKey => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { alg: 'ES256', key: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'local' } };
};

/** The newest version of the RSA key at `address`. Rejects with the SDK's errors. */
export const vaultKey = async (address: string, credential: TokenCredential): Promise<SigningKey> => {
  const { origin, protocol, pathname } = new URL(address);
  const name = pathname.split('/')[2] ?? '';
  const client = new KeyClient(origin, credential, {
    disableChallengeResourceVerification: protocol === 'http:',
    ...(protocol === 'http:' && { allowInsecureConnection: true }),
  });
  const key = await client.getKey(name);
  const keyVersion = key.properties.version ?? '';
  return { alg: 'RS256', key: new VaultKey(key, client.getCryptographyClient(name, { keyVersion })) };
};

class VaultKey extends ExternalSigningKey {
  readonly #publicKey: KeyObject;
  readonly #client: CryptographyClient;

  constructor({ key, properties }: KeyVaultKey, client: CryptographyClient) {
    super();
    const encode = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64url');
    const jwk = { kty: 'RSA', n: encode(key?.n), e: encode(key?.e) };
    this.#publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    this.#client = client;
    this.kid = properties.version ?? '';
    this.alg = 'RS256';
  }

  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  override async sign(data: Uint8Array): Promise<Uint8Array> {
    const digest = createHash('sha256').update(data).digest();
    return (await this.#client.sign('RS256', digest)).result;
  }
}
