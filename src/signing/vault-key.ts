/** One key in one vault: the calls to Key Vault, each within a time limit, and how its failures are told apart. */
import type { KeyClient, KeyProperties } from '@azure/keyvault-keys';
import { type Signal, withinMilliseconds } from '../limits/deadline.ts';
import type { Clock } from '../oauth/crypto.ts';
import { algorithms, type SigningAlgorithm } from './algorithms.ts';
import type { KeyVersion } from './key-ring.ts';
import { openVaultClient, requestMilliseconds, type VaultClientOptions } from './vault-client.ts';

/** Reading may take several round trips, the first of them for a token; the rest of the limit is for signing. */
const readMilliseconds = 3_000;

/** Public members of a JWK, and nothing else: what Key Vault might ever add stays out. */
type PublicMembers = {
  readonly kty: 'RSA' | 'EC';
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
};

/** Why a call failed: `throttled` asks for a pause, `refused` names the version (disabled, expired, gone). */
export class VaultFailure extends Error {
  readonly kind: 'throttled' | 'refused' | 'failed';
  readonly retryAfterSeconds: number | undefined;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'Key Vault failed', { cause });
    this.name = 'VaultFailure';
    const status = statusOf(cause);
    this.kind = status === 429 ? 'throttled' : status === 403 || status === 404 ? 'refused' : 'failed';
    this.retryAfterSeconds = retryAfterOf(cause);
  }
}

export type VaultKey = {
  /** `<vault host>/<key name>`, for log lines. */
  readonly label: string;
  /** Every version, enabled or not, in no order. Throws `VaultFailure`, as all calls here. */
  listVersions(): Promise<readonly KeyVersion[]>;
  publicMembers(version: string): Promise<PublicMembers>;
  /** Signs a digest; `signal` ends the call earlier than its own time limit. */
  sign(
    version: string,
    digest: Uint8Array,
    by: { readonly algorithm: SigningAlgorithm; readonly signal: Signal },
  ): Promise<Uint8Array>;
  /** Epoch seconds by the vault's own clock, from the `Date` of its latest response. */
  now(): number;
};

type VaultKeyOptions = Omit<VaultClientOptions, 'onDate'> & { readonly clock: Clock };

/** Opens a key; sends nothing yet. Throws when `keyUrl` is not the address of a key. */
export const openVaultKey = (options: VaultKeyOptions): VaultKey => {
  let vaultAheadSeconds = 0;
  const { label, name, keys, sign } = openVaultClient({
    ...options,
    onDate: (date) => {
      vaultAheadSeconds = date - options.clock();
    },
  });
  return {
    label,
    now: () => options.clock() + vaultAheadSeconds,
    listVersions: () => attempt(readMilliseconds, (signal) => readList(keys, name, signal)),
    publicMembers: (version) =>
      attempt(readMilliseconds, async (abortSignal) => {
        const { key } = await keys.getKey(name, { version, abortSignal });
        return publicMembersOf(key ?? {});
      }),
    sign: (version, digest, { algorithm, signal }) =>
      attempt(
        requestMilliseconds,
        (abortSignal) => sign(version, algorithms[algorithm].vaultName, { digest, signal: abortSignal }),
        signal,
      ),
  };
};

const readList = async (client: KeyClient, name: string, abortSignal: Signal): Promise<KeyVersion[]> => {
  const versions: KeyVersion[] = [];
  for await (const listed of client.listPropertiesOfKeyVersions(name, { abortSignal }))
    versions.push(versionOf(listed));
  return versions;
};

const versionOf = (listed: KeyProperties): KeyVersion => {
  if (listed.version === undefined || listed.createdOn === undefined) throw new Error('Key Vault listed no version');
  return {
    id: listed.version,
    enabled: listed.enabled === true,
    createdAt: epochSeconds(listed.createdOn),
    notBefore: listed.notBefore && epochSeconds(listed.notBefore),
    expiresAt: listed.expiresOn && epochSeconds(listed.expiresOn),
  };
};

const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

type VaultJwk = { kty?: string; crv?: string } & { [member in 'n' | 'e' | 'x' | 'y']?: Uint8Array };

const publicMembersOf = (key: VaultJwk): PublicMembers => {
  const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64url');
  if (key.kty?.startsWith('RSA')) return { kty: 'RSA', n: text(key.n), e: text(key.e) };
  return { kty: 'EC', crv: key.crv ?? '', x: text(key.x), y: text(key.y) };
};

/** Runs a call to the vault within its time limit. Throws `VaultFailure`. */
export const attempt: typeof withinMilliseconds = async (milliseconds, call, outer) => {
  try {
    return await withinMilliseconds(milliseconds, call, outer);
  } catch (error) {
    throw new VaultFailure(error);
  }
};

/** The parts of the SDK's RestError that are read here; its class lives in a package we do not depend on. */
type RestErrorLike = { statusCode?: number; response?: { headers: { get(name: string): string | undefined } } };

const asRestError = (error: unknown): RestErrorLike => (error instanceof Error ? (error as RestErrorLike) : {});

const statusOf = (error: unknown): number | undefined => Number(asRestError(error).statusCode) || undefined;

/** RFC 9110 §10.2.3: seconds; Key Vault sends no dates here. */
const retryAfterOf = (error: unknown): number | undefined => {
  const text = asRestError(error).response?.headers.get('retry-after') ?? '';
  return /^\d{1,4}$/.test(text) ? Math.max(Number(text), 1) : undefined;
};
