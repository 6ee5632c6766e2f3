/**
 * Signs with Key Vault keys. The private keys never leave the vault: jose cannot sign with such a key, so the compact
 * JWS is assembled here, around a signature made remotely over its digest.
 */
import { hash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { JWK } from 'jose';
import { type Signal, withinMilliseconds } from '../limits/deadline.ts';
import { base64url, type Clock, type Random, systemClock, systemRandom } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { HttpClient } from '../transport/http-client.ts';
import { algorithms, type SigningAlgorithm } from './algorithms.ts';
import { createCapacity } from './capacity.ts';
import {
  createSigningKey,
  keyIdOf,
  type Log,
  type SigningKey,
  type UsableVersion,
  type VersionFacts,
} from './signing-key.ts';
import { openVaultKey, VaultFailure } from './vault-key.ts';

/** Nobody waits longer than this for any answer. */
const limitMilliseconds = 4_500;
const attemptsPerSignature = 2;
/** A vault that throttles says so at once, and is then left alone for a while. */
const attemptsWhileThrottled = 6;

/** A vault that could not be read for so long, and whose keys this instance never learned, is left out of the JWKS. */
const leaveOutAfterSeconds = 60;

export type Signer = {
  /**
   * Signs `claims` as a compact JWS whose header is `{ alg, kid, typ }`, with the deployment's usual algorithm unless another
   * of its algorithms is named. The signature has been verified locally.
   * Throws `Unavailable('signing')` when no vault signs in time; nothing was consumed then.
   */
  sign(typ: string, claims: Readonly<Record<string, unknown>>, algorithm?: SigningAlgorithm): Promise<string>;
  /** Public keys of every version that can have live tokens, the next one included. Throws `Unavailable('signing')`. */
  publicKeys(): Promise<readonly JWK[]>;
  /** What is behind them, for operators. Throws `Unavailable('signing')`. */
  versions(): Promise<readonly VersionFacts[]>;
  /** True for a while after a signature failed because vaults had made too many: not while another vault has room. */
  isThrottled(): boolean;
  /** Signatures a second that this instance may ask for, all clients together; undefined while vaults have room. */
  capacity(): number | undefined;
  /** Resolves when a version that can sign is known; costs a list at most once a minute. Throws `Unavailable('signing')`. */
  ready(): Promise<void>;
};

export type SignerOptions = {
  /** Addresses of keys, `https://<vault>/keys/<name>`, in one vault or several. */
  readonly keys: readonly string[];
  /** What is signed with unless another is asked for. */
  readonly algorithm: SigningAlgorithm;
  /** All that can be asked for, the usual one first; that one alone when left out. */
  readonly algorithms?: readonly SigningAlgorithm[];
  readonly credential: TokenCredential;
  /** Allows http to a vault on this machine. */
  readonly insecureLoopback: boolean;
  readonly httpClient: HttpClient;
  readonly accessTokenSeconds: number;
  /** Signatures a second that this instance asks for at least when vaults throttle, 1 unless told. */
  readonly leastPerSecond?: number;
  readonly random?: Random;
  readonly clock?: Clock;
  readonly log?: Log;
};

/** Sends nothing yet. Throws when an address is not one of a key. */
export const createSigner = (options: SignerOptions): Signer => {
  const { algorithm: usual, random = systemRandom, clock = systemClock, log = () => {} } = options;
  const offered = options.algorithms ?? [usual];
  const capacity = createCapacity({ clock, least: options.leastPerSecond ?? 1 });
  let throttlingLoggedAt = Number.NEGATIVE_INFINITY;
  const logOnce: Log = (line) => {
    const isThrottling = line.event === throttledEvent;
    // One line a second says it; a flood of requests must not fill the log as well.
    if (!isThrottling || throttlingLoggedAt !== clock()) log(line);
    if (isThrottling) throttlingLoggedAt = clock();
  };
  const keys = options.keys.map((keyUrl) =>
    createSigningKey(openVaultKey({ ...options, clock, keyUrl }), { ...options, algorithms: offered, clock, log }),
  );
  return {
    sign: (typ, claims, algorithm = usual) =>
      inTime(async (deadline) => {
        const assemble: Assemble = (key, version) =>
          assembleJws({ key, version, kid: keyIdOf(version, algorithm, offered), typ, claims, algorithm, deadline });
        try {
          const jws = await signWithAny(shuffled(keys, random), assemble, logOnce);
          capacity.signed();
          return jws;
        } catch (error) {
          if (isThrottled(error)) capacity.throttled();
          throw error;
        }
      }),
    isThrottled: capacity.isThrottled,
    capacity: capacity.perSecond,
    publicKeys: () => inTime(() => unionOfPublicKeys(keys, log)),
    versions: () => inTime(async () => (await Promise.all(keys.map((key) => key.versions()))).flat()),
    ready: () =>
      inTime(async () => {
        await pick(keys);
      }),
  };
};

/** Every failure of a call becomes `Unavailable`, the one that callers of this module know. */
const inTime = async <T>(call: (deadline: Signal) => Promise<T>): Promise<T> => {
  try {
    return await withinMilliseconds(limitMilliseconds, call);
  } catch (cause) {
    throw unavailable(cause);
  }
};

type Assemble = (key: SigningKey, version: UsableVersion) => Promise<string>;

/** Tries keys until one signs: the next vault if there is one, else the same again unless it asked for a pause. */
const signWithAny = async (keys: readonly SigningKey[], assemble: Assemble, log: Log): Promise<string> => {
  let failure: unknown;
  let failed: SigningKey | undefined;
  for (let attempt = 1; mayTry(attempt, failure, keys); attempt += 1) {
    const { key, version } = await pick(keys);
    if (key === failed && isThrottled(failure)) break;
    try {
      return await signWith(key, version, assemble);
    } catch (error) {
      log({ level: 'warning', event: eventOf(error), key: key.label, kid: version.id, reason: String(error) });
      key.backOff(retryAfterOf(error));
      failed = key;
      failure = error;
    }
  }
  throw failure;
};

/** Vaults of one region are throttled together: somebody has to find out that those of another have room. */
const mayTry = (attempt: number, failure: unknown, keys: readonly SigningKey[]): boolean =>
  attempt <= attemptsPerSignature ||
  (isThrottled(failure) && attempt <= attemptsWhileThrottled && keys.some((key) => key.isHealthy()));

/** A version may have been disabled since the list was read: one look at the list again, and one more try. */
const signWith = async (key: SigningKey, version: UsableVersion, assemble: Assemble): Promise<string> => {
  try {
    return await assemble(key, version);
  } catch (error) {
    if (!(error instanceof VaultFailure) || error.kind !== 'refused') throw error;
    return assemble(key, (await key.rereadSigningVersion()).version);
  }
};

/**
 * The first key, those of healthy vaults before others, whose version verifiers know. Only if no vault has such a version
 * one signs that they may not have seen. Throws `Unavailable` when no vault can be read.
 */
const pick = async (keys: readonly SigningKey[]): Promise<{ key: SigningKey; version: UsableVersion }> => {
  let unsettled: { key: SigningKey; version: UsableVersion } | undefined;
  let failure: unknown;
  for (const key of [...keys.filter((each) => each.isHealthy()), ...keys.filter((each) => !each.isHealthy())]) {
    try {
      const { version, settled } = await key.signingVersion();
      if (settled) return { key, version };
      unsettled ??= { key, version };
    } catch (error) {
      failure = error;
    }
  }
  if (unsettled === undefined) throw unavailable(failure);
  return unsettled;
};

/** RFC 7515 §7.1, over a digest that is made here: only 32 bytes travel to the vault. */
const assembleJws = async (parts: {
  readonly key: SigningKey;
  readonly version: UsableVersion;
  readonly kid: string;
  readonly typ: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly algorithm: SigningAlgorithm;
  readonly deadline: Signal;
}): Promise<string> => {
  const header = { alg: parts.algorithm, kid: parts.kid, typ: parts.typ };
  const input = `${encode(header)}.${encode(parts.claims)}`;
  const digest = hash(algorithms[parts.algorithm].hash, input, 'buffer');
  const { algorithm, deadline: signal } = parts;
  const signature = await parts.key.sign(parts.version, input, { algorithm, digest, signal });
  return `${input}.${base64url(signature)}`;
};

const encode = (value: unknown): string => base64url(Buffer.from(JSON.stringify(value)));

/**
 * A vault that cannot be read makes the whole answer fail at first, since a document without its keys would stay in
 * verifiers' caches; a vault that stays away is left out, so that the others go on.
 */
const unionOfPublicKeys = async (keys: readonly SigningKey[], log: Log): Promise<readonly JWK[]> => {
  const union: JWK[] = [];
  let failure: unknown;
  for (const { key, published } of keys.map((each) => ({ key: each, published: settle(each.publicKeys()) }))) {
    const result = await published;
    if ('value' in result) {
      union.push(...result.value);
      continue;
    }
    failure = result.error;
    if (key.failingSeconds() < leaveOutAfterSeconds) throw unavailable(failure);
    log({ level: 'error', event: 'signing_keys_left_out', key: key.label });
  }
  if (union.length === 0) throw unavailable(failure);
  return union;
};

const settle = <T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/** Fisher-Yates with bytes of `random`: load spreads over the vaults, whose limits are each their own. */
const shuffled = <T>(items: readonly T[], random: Random): T[] => {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = random(4).readUInt32BE() % (last + 1);
    [order[last], order[chosen]] = [order[chosen] as T, order[last] as T];
  }
  return order;
};

const isThrottled = (error: unknown): boolean => error instanceof VaultFailure && error.kind === 'throttled';

/** Throttling has an event of its own: it is the one that operators are alerted to and can act on. */
const throttledEvent = 'signing_throttled';

const eventOf = (error: unknown): string => (isThrottled(error) ? throttledEvent : 'signing_failed');

const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof VaultFailure || error instanceof Unavailable ? error.retryAfterSeconds : undefined;

const unavailable = (cause: unknown): Unavailable =>
  cause instanceof Unavailable
    ? cause
    : new Unavailable('signing', { cause, retryAfterSeconds: retryAfterOf(cause) ?? 1 });
