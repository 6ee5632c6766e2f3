/** What every grant of the token endpoint gets, and what it gives back. */
import type { AuthorizationDetail } from '../../oauth/access/details.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Use } from '../../oauth/grants/use.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { FamilyAddress } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';

export type TokenRequest = {
  readonly form: Parameters;
  /** Authenticated, and allowed to use the grant. */
  readonly client: Client;
  /** Thumbprint of the key that the request proved to hold (RFC 9449); undefined without one. */
  readonly jkt: string | undefined;
  /** What is remembered of who asks. */
  readonly use: Use;
};

/** RFC 6749 §5.1. */
export type TokenResponse = {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  /** There whenever there is any, so that nobody has to guess what was granted. */
  readonly scope?: string;
  /** RFC 9396 §7. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  readonly refresh_token?: string;
  /** OpenID Connect Core §3.1.3.3. */
  readonly id_token?: string;
  /** RFC 8693 §2.2.1. */
  readonly issued_token_type?: string;
};

/** Throws the `OAuthError`s of RFC 6749 §5.2, and `Unavailable`: then nothing was consumed. */
export type GrantHandler = (request: TokenRequest, server: Server) => Promise<TokenResponse>;

/** Throws `invalid_request` without the parameter. */
export const requiredParameter = ({ form }: TokenRequest, name: string): string => {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('parameter_missing', `${name} is required`);
  return value;
};

/** What the rules of a grant with a family go by, beside the family itself. */
export const circumstancesOf = async (
  { client, jkt }: TokenRequest,
  { clientKey, userKey }: FamilyAddress,
  server: Server,
) => ({
  client,
  jkt,
  now: server.clock(),
  instants: await server.store.deployment.notBefore.instantsFor({ clientKey, userKey }),
  lifetimes: server.config.lifetimes,
  resources: server.resources,
  random: server.random,
});
