/** A request for authorization as an address of ours: how it waits for the person to sign in or to look once more. */
import type { AuthorizationRequest } from '../oauth/authorization/authorization-request.ts';
import { OAuthError } from '../oauth/errors.ts';
import { formatShortQuery, type Parameters } from '../oauth/parameters.ts';
import type { Server } from '../server.ts';

/** The same request again. */
export const authorizeUrl = (parameters: AuthorizationRequest['parameters']): `/${string}` =>
  `/authorize?${formatShortQuery(parameters)}`;

/** A service's request to sign somebody out, as an address of ours. */
export const endSessionUrl = (parameters: ReturnType<Parameters['readable']>): `/${string}` =>
  `/end-session?${formatShortQuery(parameters)}`;

/** The platform takes no longer address, and a request comes back to us as one after sign-in and after an approval. */
const addressLimit = 4_096;

export const isTooLong = (path: string, { config }: Server): boolean =>
  config.issuer.length + path.length > addressLimit;

export const tooLong = (): OAuthError =>
  new OAuthError(
    'request_too_long',
    `the request is too long: as an address it has more than ${addressLimit} characters`,
  );
