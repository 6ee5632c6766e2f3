/** A public client says who it is and proves nothing (OAuth 2.1 §2.4). */
import { carriesProof, parseBasic } from '../../oauth/clients/client-authentication.ts';
import type { ClientAuthenticationMethod } from './method.ts';

export const publicClient: ClientAuthenticationMethod = {
  method: 'none',
  registeredAs: ['none'],
  present: (form, authorization) => {
    if (authorization === undefined) return carriesProof(form) ? undefined : { clientId: form.get('client_id') };
    const { clientId, secret } = parseBasic(authorization);
    return secret === undefined ? { clientId } : undefined;
  },
  // Nothing to prove, and it did not try.
  prove: async () => true,
};
