/** GET, POST /userinfo (OpenID Connect Core §5.3): what a service may know of the person who signed in. */
import { spendProof } from '../../flows/clients/dpop.ts';
import { userinfoOf } from '../../flows/token/userinfo.ts';
import type { Story } from '../../http/endpoint.ts';
import { json, jwt } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import type { DpopProof } from '../../oauth/dpop/proof.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type PresentedToken, presentedTokenIn } from '../../oauth/tokens/bearer.ts';
import type { Server } from '../../server.ts';
import { dpopProofOf } from './dpop-proof.ts';

export const userinfo: Story = async (request, server) => {
  const presented = await presentedToken(request);
  const proof = await proofAtResource(request, server);
  const told = await userinfoOf({ presented, proof }, server, (clientId) => {
    request.clientId = clientId;
  });
  return 'signed' in told ? jwt(told.signed) : json(told.claims);
};

/** RFC 6750 §2: in the header or in a form. */
const presentedToken = async (request: Incoming): Promise<PresentedToken> => {
  const isForm = request.method === 'POST' && request.header('content-type')?.startsWith(formType) === true;
  const form = isForm ? await request.form() : undefined;
  form?.rejectDuplicates([]);
  return presentedTokenIn(request.header('authorization'), form);
};

const formType = 'application/x-www-form-urlencoded';

/** Its refusals are those of a resource: 401, with a challenge (RFC 9449 §7.1). */
const proofAtResource = async (request: Incoming, server: Server): Promise<DpopProof | undefined> => {
  try {
    const proof = await dpopProofOf(request, 'userinfo', server);
    await spendProof(proof, server);
    return proof;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const reason = error.code === 'use_dpop_nonce' ? 'dpop_nonce_at_resource' : 'dpop_at_resource';
    throw new OAuthError(reason, error.description, { cause: error });
  }
};
