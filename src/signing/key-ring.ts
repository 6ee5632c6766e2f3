/**
 * Which version of a Key Vault key signs, and which versions verifiers must know. Pure: every instance that sees the
 * same list at about the same time decides the same, so rotation needs no coordination between instances.
 *
 *   created ──── published, not used ────▶ signs ──── next one takes over ────▶ published, not used ──▶ forgotten
 *           publishBeforeUseSeconds                                      access token lifetime + skew
 */

/** `max-age` of the JWKS document: for so long a disabled version stays trusted after its last publication. */
export const jwksMaxAgeSeconds = 300;

/** For so long an instance takes its list of versions as current. */
export const listCacheSeconds = 60;

/** For so long an instance goes on with an old list while the vault does not answer. */
export const listStaleSeconds = 900;

/** Disagreement of clocks that is tolerated anywhere. */
export const clockSkewSeconds = 60;

/**
 * Age at which a version may sign. By then every instance publishes it, even one that could not read the list for as
 * long as an old list is tolerated, and every copy of a JWKS from before has expired.
 */
export const publishBeforeUseSeconds = listStaleSeconds + jwksMaxAgeSeconds + clockSkewSeconds;

/** A version of a key as Key Vault lists it; instants are epoch seconds of the vault's clock. */
export type KeyVersion = {
  /** The version's id in Key Vault, which is its `kid`. */
  readonly id: string;
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly notBefore: number | undefined;
  readonly expiresAt: number | undefined;
};

const newestFirst = (a: KeyVersion, b: KeyVersion): number => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);

const isValid = (version: KeyVersion, now: number): boolean =>
  (version.notBefore ?? 0) <= now && now < (version.expiresAt ?? Number.POSITIVE_INFINITY);

/** True when every verifier has had the chance to learn the version. */
export const isSettled = (version: KeyVersion, now: number): boolean =>
  version.createdAt + publishBeforeUseSeconds <= now;

/**
 * The version that signs at `now`: the newest that is enabled, valid and settled. If none is settled (a new
 * deployment, or the settled one was disabled after a compromise) the oldest valid one, because waiting would only
 * add an outage. Undefined when no version can sign.
 */
export const chooseSigningVersion = <V extends KeyVersion>(versions: readonly V[], now: number): V | undefined => {
  const able = versions.filter((version) => version.enabled && isValid(version, now)).sort(newestFirst);
  return able.find((version) => isSettled(version, now)) ?? able.at(-1);
};

/**
 * The versions whose public keys verifiers need at `now`, newest first: the one that signs, those about to, and those
 * whose last tokens have not expired yet.
 */
export const publishedVersions = <V extends KeyVersion>(
  versions: readonly V[],
  now: number,
  accessTokenSeconds: number,
): readonly V[] => {
  const enabled = versions.filter((version) => version.enabled).sort(newestFirst);
  const signing = chooseSigningVersion(enabled, now);
  return enabled.filter((version, index) => {
    const lastSignedAt = endOfUse(version, enabled.slice(0, index), now);
    return version === signing || now < lastSignedAt + accessTokenSeconds + clockSkewSeconds;
  });
};

/** When the version stops to sign: at its own expiry, or when the first of the newer ones takes over. */
const endOfUse = (version: KeyVersion, newer: readonly KeyVersion[], now: number): number =>
  Math.min(
    version.expiresAt ?? Number.POSITIVE_INFINITY,
    ...newer
      .filter((next) => now < (next.expiresAt ?? Number.POSITIVE_INFINITY))
      .map((next) => Math.max(next.createdAt + publishBeforeUseSeconds, next.notBefore ?? 0)),
  );
