/** A client assertion signed by the client's own key (RFC 7523 §2.2, OpenID Connect Core §9). */
import { type Assertion, assertionIn, isForUs, requireOwnAssertion } from '../../oauth/clients/assertion.ts';
import { algorithmsOf } from '../../oauth/clients/profile.ts';
import { isSignedBy, skewSeconds } from '../../oauth/clients/signed-by-client.ts';
import { keysOf } from './client-keys.ts';
import type { ClientAuthenticationMethod, Presented } from './method.ts';

type PresentedAssertion = Presented & { readonly assertion: Assertion };

export const privateKeyJwt: ClientAuthenticationMethod<PresentedAssertion> = {
  method: 'private_key_jwt',
  registeredAs: ['private_key_jwt'],
  present: (form) => {
    const assertion = assertionIn(form);
    // Another issuer's word is the other method's.
    if (assertion === undefined || assertion.claims.iss !== assertion.claims.sub) return undefined;
    return { clientId: assertion.claims.sub, assertion };
  },
  check: ({ assertion }, server) => requireOwnAssertion(assertion, server.clock()),
  prove: async (client, { assertion }, server) => {
    const { text, kid, claims } = assertion;
    const { issuer } = server.config;
    if (!isForUs(claims, { issuer, takesEndpoint: client.assertsToEndpoint })) return false;
    const algorithms = algorithmsOf(client, client.assertionAlgorithm);
    return isSignedBy(text, await keysOf(client, kid, server), algorithms);
  },
  spend: ({ clientId = '', assertion }, server) => {
    const { jti = '', exp = 0 } = assertion.claims;
    // RFC 7519 §2 allows fractions of a second; the sweep looks for whole ones.
    const until = Math.ceil(exp) + skewSeconds;
    return server.store.replay.spend({ kind: 'client assertion', by: clientId, jti }, until);
  },
};
