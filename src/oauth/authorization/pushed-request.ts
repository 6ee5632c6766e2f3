/** A pushed authorization request (RFC 9126): what a client said behind people's backs, under a name that it shows them. */
import { base64url, fromBase64url } from '../crypto.ts';

export type PushedRequest = {
  readonly requestId: Buffer;
  readonly etag: string;
  readonly clientId: string;
  readonly parameters: readonly (readonly [string, string])[];
  /** The client signed it (RFC 9101). */
  readonly isSigned: boolean;
  /** A browser brought it, as a signed request, and nobody pushed it. */
  readonly byBrowser: boolean;
  readonly createdAt: number;
  /** Until when a browser must have arrived with it. */
  readonly expiresAt: number;
  /** What it was used for; undefined while it can be used. */
  readonly consumedBy: string | undefined;
};

const prefix = 'urn:ietf:params:oauth:request_uri:';

export const pushedIdLength = 32;

/**
 * How long a browser may take to arrive (`expires_in`; FAPI 2.0 §5.3.2.2 wants less than 600). Signing in and deciding are
 * bounded by the sign-in and by the approval page, not by this.
 */
export const pushedSeconds = 90;

export const requestUriOf = (requestId: Buffer): string => `${prefix}${base64url(requestId)}`;

/** Whether the URI is one that we could have made: all others name something on another server. */
export const isPushedUri = (requestUri: string): boolean => requestUri.startsWith(prefix);

/** Undefined for whatever was never ours. */
export const requestIdIn = (requestUri: string): Buffer | undefined => {
  const bytes = isPushedUri(requestUri) ? fromBase64url(requestUri.slice(prefix.length)) : undefined;
  return bytes?.length === pushedIdLength ? bytes : undefined;
};
