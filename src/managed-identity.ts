/** The managed identity with which the deployment calls other services, and the time that it has for a token. */
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { withinMilliseconds } from './limits/deadline.ts';

const tokenMilliseconds = 2_000;

/** The SDK heeds no signal while it waits for the identity endpoint, and everybody would go on waiting with it. */
export const managedIdentity = (clientId: string): TokenCredential => {
  const credential = new ManagedIdentityCredential({ clientId });
  return {
    getToken: (scopes, options) => withinMilliseconds(tokenMilliseconds, () => credential.getToken(scopes, options)),
  };
};
