/** DPoP proofs (RFC 9449 §4): whoever sends this request holds this key. */
import {
  calculateJwkThumbprint,
  EmbeddedJWK,
  type JWTPayload,
  type JWTVerifyResult,
  errors as joseErrors,
  jwtVerify,
} from 'jose';
import { sha256 } from '../crypto.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';

/** RFC 9449 §4.2; those of FAPI 2.0 §5.4.1, and the one that old libraries have. */
export const dpopAlgorithms = ['ES256', 'PS256', 'EdDSA', 'RS256'] as const;

export type DpopProof = {
  /** Thumbprint of the key (RFC 7638), as tokens name it (`cnf.jkt`). */
  readonly jkt: string;
  readonly jti: string;
  readonly nonce: string | undefined;
  /** Hash of the access token that it goes with; undefined without one. */
  readonly ath: string | undefined;
  readonly issuedAt: number;
  readonly algorithm: string | undefined;
};

/** What the request is that the proof must be about. */
export type ProvenRequest = {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
};

const invalid = (reason: ReasonOf<'invalid_dpop_proof'>, description: string): OAuthError =>
  new OAuthError(reason, description);

const proofLimit = 4_096;
const jtiLimit = 256;

/**
 * The proof, whose key signed it for this very request. Neither its age nor whether it was used before is known then. Throws
 * `invalid_dpop_proof` (RFC 9449 §4.3, every check but 10, 11 and 12).
 */
export const readProof = async (header: string, { method, url }: ProvenRequest): Promise<DpopProof> => {
  // Two headers arrive joined by a comma, which no JWS has.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(header) || header.length > proofLimit)
    throw invalid('dpop_malformed', 'the DPoP header must hold one proof');
  const { payload, protectedHeader } = await verified(header);
  const { jti, htm, htu, iat, nonce, ath } = payload as Claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > jtiLimit || typeof iat !== 'number')
    throw invalid('dpop_claims', 'the DPoP proof lacks jti or iat');
  if (htm !== method) throw invalid('dpop_method', 'htm of the DPoP proof is not the method of the request');
  if (typeof htu !== 'string' || targetOf(htu) !== targetOf(url))
    throw invalid('dpop_target', 'htu of the DPoP proof is not the address of the request');
  return {
    jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}),
    jti,
    nonce: typeof nonce === 'string' ? nonce : undefined,
    ath: typeof ath === 'string' ? ath : undefined,
    issuedAt: iat,
    algorithm: protectedHeader.alg,
  };
};

type Claims = JWTPayload & Readonly<Record<'htm' | 'htu' | 'nonce' | 'ath', unknown>>;

const verified = async (proof: string): Promise<JWTVerifyResult> => {
  try {
    // A private or a symmetric key is none that EmbeddedJWK takes. Times are looked at apart.
    return await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: [...dpopAlgorithms] });
  } catch (cause) {
    if (!(cause instanceof joseErrors.JOSEError || cause instanceof TypeError || cause instanceof DOMException))
      throw cause;
    throw new OAuthError('dpop_signature', 'the DPoP proof is not signed as it must be', { cause });
  }
};

/** RFC 9449 §4.3: without query and fragment, normalized (RFC 3986 §6.2.2, §6.2.3). */
const targetOf = (address: string): string | undefined => {
  if (!URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname;
};

/** Without a nonce of ours the proof's own clock says how old it is: by so much it may be behind or ahead of ours. */
const pastSeconds = 60;
const futureSeconds = 10;

/** Throws `invalid_dpop_proof` for a proof that was made some other time (RFC 9449 §11.1). */
export const requireRecent = ({ issuedAt }: DpopProof, now: number): void => {
  if (issuedAt < now - pastSeconds || issuedAt > now + futureSeconds)
    throw invalid('dpop_too_old', 'iat of the DPoP proof is too far from the time');
};

/** RFC 9449 §7.1: the proof goes with this token and no other. */
export const isProofFor = (token: string, { ath }: DpopProof): boolean => ath === sha256(token).toString('base64url');

/** How long a nonce is good at least; twice that at most. */
export const nonceSeconds = 300;

/** From when nobody would take the proof any more: it need not be remembered for longer. */
export const spentUntil = (now: number): number => now + 2 * nonceSeconds;
