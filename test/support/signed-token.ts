/** Access tokens that Assent would never issue, signed by its own key. */
import { dataIdentity, vaultAudience } from '../../local/identity/identities.ts';
import { createSigner } from '../../src/signing/signer.ts';
import { createHttpClient } from '../../src/transport/http-client.ts';
import type { Stack } from './stack.ts';

/** A token with these claims. */
export const signedToken = async (stack: Stack, claims: Readonly<Record<string, unknown>>): Promise<string> => {
  const { SIGNING_KEYS = '' } = stack.settings;
  const signer = createSigner({
    keys: [SIGNING_KEYS],
    algorithm: 'RS256',
    credential: {
      getToken: async () => ({
        token: await stack.identity.issue(dataIdentity, vaultAudience),
        expiresOnTimestamp: Date.now() + 600_000,
      }),
    },
    insecureLoopback: true,
    httpClient: createHttpClient(),
    accessTokenSeconds: 600,
  });
  return signer.sign('at+jwt', claims);
};
