/** A vault's key with what is cached about it: the versions in use, their public keys, and whether the vault is healthy. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { Signal } from '../limits/deadline.ts';
import type { Clock } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { algorithms, isSignature, type SigningAlgorithm } from './algorithms.ts';
import { chooseSigningVersion, isSettled, type KeyVersion, publishedVersions } from './key-ring.ts';
import { VaultFailure, type VaultKey } from './vault-key.ts';
import { createVersionList } from './version-list.ts';

/** A vault that failed without naming a pause comes last for so long. */
const backOffSeconds = 10;

export type Log = (line: Record<string, unknown>) => void;

/** A version that signs or is published: as a JWK for each algorithm that it signs with. */
export type UsableVersion = KeyVersion & { readonly publicKey: KeyObject; readonly jwks: readonly JWK[] };

/** The version that signs now; `settled` when every verifier has had the chance to learn it. */
type SigningVersion = { readonly version: UsableVersion; readonly settled: boolean };

/** What operators may know of a version. Instants are epoch seconds of the vault's clock. */
export type VersionFacts = {
  readonly kid: string;
  /** The key's address without its scheme. */
  readonly key: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** It is the one that signs now. */
  readonly signs: boolean;
};

export type SigningKey = {
  readonly label: string;
  /** Throws `Unavailable` while the vault cannot be read or has no version that can sign. */
  signingVersion(): Promise<SigningVersion>;
  /** The same after reading the list again. */
  rereadSigningVersion(): Promise<SigningVersion>;
  /** Public keys that verifiers need, newest first. Throws `Unavailable`. */
  publicKeys(): Promise<readonly JWK[]>;
  /** Every version that signs or is published, newest first. Throws `Unavailable`. */
  versions(): Promise<readonly VersionFacts[]>;
  /** Signs `input` and verifies the result. Throws `VaultFailure`, or `WrongSignature`. */
  sign(
    version: UsableVersion,
    input: string,
    options: { algorithm: SigningAlgorithm; digest: Uint8Array; signal: Signal },
  ): Promise<Uint8Array>;
  /** Seconds since the vault's list could not be read; 0 while it can. */
  failingSeconds(): number;
  /** False for a while after `backOff`. */
  isHealthy(): boolean;
  /** The vault failed: others come first, for as long as it asked. */
  backOff(seconds?: number): void;
};

/** The vault answered, but not with a signature of what was sent. */
class WrongSignature extends Error {
  constructor(version: string) {
    super(`the signature by version ${version} does not verify`);
    this.name = 'WrongSignature';
  }
}

/**
 * The `kid` of a version. A JWK is for one algorithm (RFC 7517 §4.4), and libraries take the first of one kid: a version that
 * signs with several has an entry and a name for each.
 */
export const keyIdOf = (
  { id }: Pick<KeyVersion, 'id'>,
  algorithm: SigningAlgorithm,
  [usual]: readonly SigningAlgorithm[],
): string => (algorithm === usual ? id : `${id}-${algorithm}`);

export const createSigningKey = (
  vaultKey: VaultKey,
  options: {
    /** All that it signs with; the first unless another is asked for. */
    readonly algorithms: readonly SigningAlgorithm[];
    readonly accessTokenSeconds: number;
    readonly clock: Clock;
    readonly log: Log;
  },
): SigningKey => {
  const { accessTokenSeconds, clock, log } = options;
  const list = createVersionList({
    clock,
    read: createReader(vaultKey, options),
    retryAfterSeconds: (error) => (error instanceof VaultFailure ? error.retryAfterSeconds : undefined),
  });
  let backsOffUntil = Number.NEGATIVE_INFINITY;

  const choose = (versions: readonly UsableVersion[]): SigningVersion => {
    const version = chooseSigningVersion(versions, vaultKey.now());
    if (version === undefined) {
      const cause = new Error(`${vaultKey.label} has no version that can sign ${options.algorithms.join(', ')}`);
      throw new Unavailable('signing', { cause });
    }
    return { version, settled: isSettled(version, vaultKey.now()) };
  };

  return {
    label: vaultKey.label,
    signingVersion: async () => choose(await list.current()),
    rereadSigningVersion: async () => choose(await list.reread()),
    publicKeys: async () =>
      publishedVersions(await list.current(), vaultKey.now(), accessTokenSeconds).flatMap((version) => version.jwks),
    versions: async () => {
      const known = await list.current();
      const { version: signing } = choose(known);
      return publishedVersions(known, vaultKey.now(), accessTokenSeconds).map((one) => ({
        kid: one.id,
        key: vaultKey.label,
        createdAt: one.createdAt,
        expiresAt: one.expiresAt,
        signs: one.id === signing.id,
      }));
    },
    sign: async (version, input, { algorithm, digest, signal }) => {
      const signature = await vaultKey.sign(version.id, digest, { algorithm, signal });
      if (isSignature(algorithm, { input, signature, key: version.publicKey })) return signature;
      log({ level: 'error', event: 'signing_wrong_signature', key: vaultKey.label, kid: version.id });
      throw new WrongSignature(version.id);
    },
    failingSeconds: list.failingSeconds,
    isHealthy: () => clock() >= backsOffUntil,
    backOff: (seconds = backOffSeconds) => {
      backsOffUntil = clock() + seconds;
    },
  };
};

/** Reads the versions in use with their public keys; those of a version never change and are read once. */
const createReader = (
  vaultKey: VaultKey,
  options: { readonly algorithms: readonly SigningAlgorithm[]; readonly accessTokenSeconds: number; readonly log: Log },
): (() => Promise<readonly UsableVersion[]>) => {
  const { accessTokenSeconds, log } = options;
  const keys = new Map<string, KeyObject>();

  const publicKeyOf = async (version: KeyVersion): Promise<KeyObject> => {
    const known = keys.get(version.id);
    if (known !== undefined) return known;
    const key = createPublicKey({ key: { ...(await vaultKey.publicMembers(version.id)) }, format: 'jwk' });
    keys.set(version.id, key);
    return key;
  };

  const usable = async (version: KeyVersion): Promise<UsableVersion[]> => {
    const publicKey = await publicKeyOf(version);
    if (options.algorithms.every((algorithm) => algorithms[algorithm].accepts(publicKey)))
      return [
        { ...version, publicKey, jwks: options.algorithms.map((algorithm) => jwkOf(version, publicKey, algorithm)) },
      ];
    const [algorithm] = options.algorithms;
    log({ level: 'error', event: 'signing_unusable_version', key: vaultKey.label, kid: version.id, algorithm });
    return [];
  };

  // RFC 7517 §4: exporting from the public key is what keeps private members out, whatever was read.
  const jwkOf = (version: KeyVersion, publicKey: KeyObject, algorithm: SigningAlgorithm): JWK => ({
    ...(publicKey.export({ format: 'jwk' }) as JWK),
    kid: keyIdOf(version, algorithm, options.algorithms),
    use: 'sig',
    alg: algorithm,
  });

  return async () => {
    try {
      const listed = await vaultKey.listVersions();
      const inUse = publishedVersions(listed, vaultKey.now(), accessTokenSeconds);
      return (await Promise.all(inUse.map(usable))).flat();
    } catch (error) {
      log({ level: 'warning', event: 'signing_list_failed', key: vaultKey.label, reason: String(error) });
      throw error;
    }
  };
};
