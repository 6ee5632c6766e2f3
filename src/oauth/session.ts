/** A browser session: a person, signed in upstream, in one browser. */
export type Session = {
  /** 32 bytes; the partition of everything about the person. */
  readonly userKey: Buffer;
  /** The cookie's secret; only its hash is stored. Keys the tokens of this browser's forms. */
  readonly secret: Buffer;
  readonly etag: string;
  readonly displayName: string;
  readonly accountName: string;
  readonly isOperator: boolean;
  readonly createdAt: number;
  /** When the sign-in that made the session was begun, by our clock. */
  readonly startedAt: number;
  /** When the person last proved who they are, by the upstream provider's word; undefined if it did not say. */
  readonly authTime: number | undefined;
  /** Digest of the authorization request that caused the sign-in, if one did. */
  readonly requestDigest: string | undefined;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
};
