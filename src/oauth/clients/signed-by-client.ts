/** JWTs that others signed: client assertions and request objects. */
import {
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  type JWTPayload,
  errors as joseErrors,
  jwtVerify,
} from 'jose';

/** RFC 8725 §3.1: none that needs a shared secret, and never none. The first ones are those of FAPI 2.0 §5.4.1. */
export const clientAlgorithms = ['PS256', 'ES256', 'EdDSA', 'RS256'] as const;
export type ClientAlgorithm = (typeof clientAlgorithms)[number];

export type Unverified = {
  readonly typ: string | undefined;
  readonly kid: string | undefined;
  readonly claims: JWTPayload;
};

const lengthLimit = 16_384;

/** What it says of itself, which proves nothing; undefined for what is no JWT. */
export const peekedAt = (text: string): Unverified | undefined => {
  if (text.length > lengthLimit) return undefined;
  try {
    const { typ, kid } = decodeProtectedHeader(text);
    return { typ: textOf(typ), kid: textOf(kid), claims: decodeJwt(text) };
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** True if one of the keys signed it. Times and claims are the caller's to check. Never throws for a bad JWT. */
export const isSignedBy = async (
  text: string,
  keys: readonly JWK[],
  algorithms: readonly ClientAlgorithm[],
): Promise<boolean> => {
  for (const key of candidates(text, keys)) if (await isSignedByOne(text, key, algorithms)) return true;
  return false;
};

/** More than one key may be without a kid, or with the same one. */
const candidates = (text: string, keys: readonly JWK[]): readonly JWK[] => {
  const kid = peekedAt(text)?.kid;
  return kid === undefined ? keys : keys.filter((key) => key.kid === undefined || key.kid === kid);
};

/** Whatever it says of times is looked at with our clock and our tolerance. */
const anyTime = { currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER } as const;

const isSignedByOne = async (text: string, key: JWK, algorithms: readonly ClientAlgorithm[]): Promise<boolean> => {
  try {
    const { alg } = decodeProtectedHeader(text);
    if (!algorithms.some((one) => one === alg) || (key.alg !== undefined && key.alg !== alg)) return false;
    await jwtVerify(text, await importJWK(key, alg), { algorithms: [...algorithms], ...anyTime });
    return true;
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError || error instanceof DOMException)
      return false;
    throw error;
  }
};

type Bounds = {
  /** Epoch seconds. */
  readonly now: number;
  /** How far `exp` may be ahead. */
  readonly longestSeconds: number;
};

/** Clocks differ by so much (FAPI 2.0 §5.3.2.1 asks for ten at least). */
export const skewSeconds = 60;

/** Whether exp, nbf and iat (RFC 7519 §4.1) say that it is good now, and not for too long. */
export const isOfNow = ({ exp, nbf, iat }: JWTPayload, { now, longestSeconds }: Bounds): boolean =>
  isInstant(exp) &&
  exp > now - skewSeconds &&
  exp <= now + longestSeconds &&
  (nbf === undefined || (isInstant(nbf) && nbf <= now + skewSeconds)) &&
  (iat === undefined || (isInstant(iat) && iat <= now + skewSeconds));

const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
