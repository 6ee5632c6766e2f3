/** What one person allows one client, remembered between its authorization sessions. */
import { base64url, sha256 } from './crypto.ts';

export type Grant = {
  readonly clientId: string;
  /** What is allowed where: each is a resource identifier, a space, and a scope of it (`permissionsAt`). */
  readonly permissions: readonly string[];
  readonly grantedAt: number;
  /** Digest of what the person was shown; when it changes, they are asked again. */
  readonly shownDigest: string;
  /** How the service introduced itself, for the page that lists authorizations. */
  readonly clientName: string;
  readonly clientUri: string | undefined;
  readonly redirectHost: string;
  /** At least the number of live families; exact only after a look at them all. */
  readonly familyCount: number;
  readonly revoked: boolean;
};

/** A grant as read: the ETag that the next write of it is conditional on. */
export type StoredGrant = Grant & { readonly etag: string };

/** At most so many families of one client and person live at once: one batch of 100 rows must be able to end them all. */
export const familiesPerGrant = 50;

/** Digest of anything that JSON can carry, in the given order. */
export const digestOf = (value: unknown): string => base64url(sha256(JSON.stringify(value)));

/** The grant after a decision about `requested`: what was not asked this time stays as it was. */
export const decidedPermissions = (
  before: readonly string[],
  requested: readonly string[],
  approved: readonly string[],
): readonly string[] => [...new Set([...before.filter((one) => !requested.includes(one)), ...approved])].sort();

export const includesAll = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((one) => all.includes(one));
