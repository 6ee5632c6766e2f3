/** The DPoP proof of an HTTP request, and the nonce that its answer offers. */
import { nonceToOffer, proofIn } from '../../flows/clients/dpop.ts';
import type { Incoming } from '../../http/request.ts';
import type { DpopProof } from '../../oauth/dpop/proof.ts';
import type { Server } from '../../server.ts';

/** Undefined without a proof. Throws as `proofIn`. */
export const dpopProofOf = async (request: Incoming, route: string, server: Server): Promise<DpopProof | undefined> => {
  const header = request.header('dpop');
  if (header === undefined) return undefined;
  request.dpopNonce = await nonceToOffer(server);
  return proofIn(header, { method: request.method, url: `${server.config.issuer}/${route}` }, server);
};
