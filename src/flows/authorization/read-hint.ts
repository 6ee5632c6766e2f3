/** An ID token that a client sends back to say whom it means. */
import { OAuthError } from '../../oauth/errors.ts';
import { type IdTokenHint, verifyIdTokenHint } from '../../oauth/tokens/id-token-hint.ts';
import type { Server } from '../../server.ts';

/** Throws `invalid_request` unless it is an ID token of ours, however old, for `clientId` if that is known; `Unavailable`. */
export const readHint = async (text: string, clientId: string | undefined, server: Server): Promise<IdTokenHint> => {
  const { issuer, signing } = server.config;
  const keys = await server.signer.publicKeys();
  const hint = await verifyIdTokenHint(text, { issuer, keys, algorithms: signing.algorithms });
  if (hint === undefined || (clientId !== undefined && !hint.clientIds.includes(clientId)))
    throw new OAuthError('id_token_hint_unknown', 'id_token_hint must be an ID token that this client got here');
  return hint;
};
