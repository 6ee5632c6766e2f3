/**
 * The one secret of a deployment, which all keys of `deployment-keys.ts` derive from. It is made once, wrapped by a Key Vault
 * key that never leaves the vault, and unwrapped once per process: who reads the tables has it only in wrapped form, and no
 * setting holds it.
 */
import type { Signal } from '../limits/deadline.ts';
import type { Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { type DeploymentKeys, deploymentSecretLength, deriveKeys } from '../oauth/tokens/deployment-keys.ts';
import { openVaultClient, type VaultClientOptions } from './vault-client.ts';
import { attempt } from './vault-key.ts';

/** RFC 8017 §7.1 with SHA-256. */
const algorithm = 'RSA-OAEP-256';
const limitMilliseconds = 4_000;

type Wrapped = { readonly wrapped: Buffer; readonly version: string };

/** Where the wrapped secret lies; `offer` stores it unless there is one. */
type SecretStore = {
  secret(): Promise<Wrapped | undefined>;
  offerSecret(secret: Wrapped): Promise<void>;
};

type WrappingKey = { wrap(secret: Buffer): Promise<Wrapped>; unwrap(secret: Wrapped): Promise<Buffer> };

export type DeploymentKeysOptions = Omit<VaultClientOptions, 'onDate'> & {
  readonly store: SecretStore;
  readonly random: Random;
};

/**
 * The deployment's keys, the same for every instance; read once and kept. Throws `Unavailable` while the table or the vault
 * does not answer. Throws when `keyUrl` is not the address of a key.
 */
export const createDeploymentKeys = (options: DeploymentKeysOptions): (() => Promise<DeploymentKeys>) => {
  const key = openWrappingKey(options);
  let opening: Promise<DeploymentKeys> | undefined;
  return () => {
    opening ??= open(options, key).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
};

const open = async ({ store, random }: DeploymentKeysOptions, key: WrappingKey): Promise<DeploymentKeys> => {
  if ((await store.secret()) === undefined) await store.offerSecret(await key.wrap(random(deploymentSecretLength)));
  const stored = await store.secret();
  if (stored === undefined) throw new Unavailable('storage');
  return deriveKeys(await key.unwrap(stored));
};

const openWrappingKey = (options: DeploymentKeysOptions): WrappingKey => {
  const { name, keys, cryptography } = openVaultClient(options);
  const calling = async <Result>(call: (signal: Signal) => Promise<Result>): Promise<Result> => {
    try {
      return await attempt(limitMilliseconds, call);
    } catch (cause) {
      throw new Unavailable('signing', { cause });
    }
  };
  return {
    wrap: (secret) =>
      calling(async (abortSignal) => {
        // The newest version, by name: unwrapping later must take the same.
        const { version = '' } = (await keys.getKey(name, { abortSignal })).properties;
        const { result } = await cryptography(version).wrapKey(algorithm, secret, { abortSignal });
        return { wrapped: Buffer.from(result), version };
      }),
    unwrap: ({ wrapped, version }) =>
      calling(async (abortSignal) => {
        const { result } = await cryptography(version).unwrapKey(algorithm, wrapped, { abortSignal });
        return Buffer.from(result);
      }),
  };
};
