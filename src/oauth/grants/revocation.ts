/**
 * What resource servers hear of: ends of sessions and tokens within the life of an access token. Too many of them, or one of
 * them twice, harms nobody; one that is missing is a token that lives on until it expires.
 */

/** All access tokens of a family, or those from before an instant (epoch seconds), if its permissions were narrowed. */
export type SessionEnd = {
  readonly kind: 'session';
  readonly userKey: Buffer;
  readonly familyId: Buffer;
  /** Digests of the resources that its tokens are for (`digestOfResource`). */
  readonly resources: readonly string[];
  readonly before?: number | undefined;
};

/** One thing that has ended. Whoever ends it says so first (`storage/revocations.ts`). */
export type Revocation =
  | SessionEnd
  | { readonly kind: 'token'; readonly jti: string }
  /** What was issued to a client before an instant. */
  | { readonly kind: 'client'; readonly clientKey: Buffer; readonly before: number }
  | { readonly kind: 'person'; readonly userKey: Buffer; readonly before: number }
  | { readonly kind: 'everyone'; readonly before: number };

/** A revocation, when it was announced (epoch seconds), and its name in the log. */
export type Announced = Revocation & { readonly at: number; readonly id: string };

/** Between the announcement of an end and the end itself, and between the clocks of two instances; also what a verifier's may differ by. */
export const announcementSlackSeconds = 120;

/**
 * So long an instance may go on with an old copy of the not-before instants and of what it has read, and so long after an
 * instant access tokens may be made that rest on what it voids.
 */
export const staleSeconds = 30;

/** The same of the copy of a client's row (CLIENT_CACHE_SECONDS by default, and what was read before). */
export const staleClientSeconds = 90;
