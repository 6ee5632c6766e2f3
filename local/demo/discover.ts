/** The authorization server as its clients see it: found by its metadata (RFC 8414), once it answers. */
import * as openid from 'openid-client';

export type Credentials = { readonly clientId: string; readonly secret: string };

/** Gives a function that discovers the issuer at its first success and remembers what `use` made of it. */
export const discoverIssuer = <Used>(
  issuer: string,
  { clientId, secret }: Credentials,
  use: (configuration: openid.Configuration) => Used,
): (() => Promise<Used>) => {
  let discovered: Promise<Used> | undefined;
  return async () => {
    discovered ??= openid
      .discovery(new URL(issuer), clientId, undefined, openid.ClientSecretBasic(secret), {
        algorithm: 'oauth2',
        // The local issuer speaks http on a loopback address.
        execute: [openid.allowInsecureRequests],
      })
      .then(use);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  };
};
