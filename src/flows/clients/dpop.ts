/** The DPoP proof of a request (RFC 9449): read, of our time, and never used before. */
import { currentNonce, isLiveNonce } from '../../oauth/dpop/nonce.ts';
import { type DpopProof, type ProvenRequest, readProof, requireRecent, spentUntil } from '../../oauth/dpop/proof.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';

/** The nonce to send with every answer to a request that had a proof (RFC 9449 §8.2). Throws `Unavailable`. */
export const nonceToOffer = async (server: Server): Promise<string> =>
  currentNonce(server.clock(), (await server.keys()).dpopNonce);

/**
 * The proof in the DPoP header; undefined without one. A nonce of ours says better than the client's clock when it was made.
 * Throws `invalid_dpop_proof`, `use_dpop_nonce`.
 */
export const proofIn = async (
  header: string | undefined,
  request: ProvenRequest,
  server: Server,
): Promise<DpopProof | undefined> => {
  if (header === undefined) return undefined;
  const proof = await readProof(header, request);
  if (proof.nonce === undefined) {
    if (server.config.requireDpopNonce) throw nonceWanted('dpop_without_nonce');
    requireRecent(proof, server.clock());
  } else if (!isLiveNonce(proof.nonce, server.clock(), (await server.keys()).dpopNonce)) {
    throw nonceWanted('dpop_nonce_stale');
  }
  return proof;
};

const nonceWanted = (reason: 'dpop_without_nonce' | 'dpop_nonce_stale'): OAuthError =>
  new OAuthError(reason, 'the DPoP proof must hold the nonce of the DPoP-Nonce header');

/** Lets a proof through once, on whatever instance (RFC 9449 §11.1). Throws `invalid_dpop_proof`, `Unavailable`. */
export const spendProof = async (proof: DpopProof | undefined, server: Server): Promise<void> => {
  if (proof === undefined) return;
  const { jkt, jti } = proof;
  if (!(await server.store.replay.spend({ kind: 'dpop proof', by: jkt, jti }, spentUntil(server.clock()))))
    throw new OAuthError('dpop_spent', 'the DPoP proof was used before');
};
