/** The managed identity with which the deployment calls other services, and the time that it has for a token. */
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { withinMilliseconds } from './limits/deadline.ts';
import type { HttpClient } from './transport/http-client.ts';

const tokenMilliseconds = 2_000;

/** The SDK heeds no signal while it waits for the identity endpoint, and everybody would go on waiting with it. */
export const managedIdentity = (clientId: string, httpClient: HttpClient): TokenCredential => {
  const credential = new ManagedIdentityCredential({ clientId, httpClient: withKnownErrors(httpClient) });
  return {
    getToken: (scopes, options) => withinMilliseconds(tokenMilliseconds, () => credential.getToken(scopes, options)),
  };
};

/** The SDK tries again what failed on the way, if the error is of a name that it knows. */
const withKnownErrors = ({ sendRequest }: HttpClient): HttpClient => ({
  sendRequest: async (request) => {
    try {
      return await sendRequest(request);
    } catch (cause) {
      const { name, message, code } = cause as Error & { readonly code?: string };
      throw name === 'AbortError' ? cause : Object.assign(new Error(message, { cause }), { name: 'RestError', code });
    }
  },
});
