/** What one person allows one client, remembered between its authorization sessions. */
import { base64url, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';
import type { Lasting } from './lasting.ts';
import { type Basis, type Instants, isVoid } from './not-before.ts';

export type Grant = Basis & {
  readonly clientId: string;
  /** What is allowed where: each is a resource identifier, a space, and a scope of it (`permissionsAt`). */
  readonly permissions: readonly string[];
  /** What was asked for and left out, in the same form. */
  readonly declined: readonly string[];
  /** What was allowed for one sign-in when it was asked for last, in the same form: nothing answers by it. */
  readonly once: readonly string[];
  /** For how long `permissions` were allowed; `once` where nothing is remembered but what was not allowed. */
  readonly lasting: Lasting;
  /** Those of the permissions that the person was not asked for: an operator had approved them for everyone. */
  readonly byOperator: readonly string[];
  readonly grantedAt: number;
  /** When the service was last given a code; undefined in rows from before this was remembered. */
  readonly connectedAt: number | undefined;
  /** From when the person is asked again, because the page promised an end: the absolute one, and the one without use. */
  readonly expiresAt: number;
  readonly idleExpiresAt: number;
  /** Digest of what the person was shown; when it changes, they are asked again. */
  readonly shownDigest: string;
  /** How the service introduced itself, for the page that lists authorizations. */
  readonly clientName: string;
  readonly clientUri: string | undefined;
  readonly clientPublisher: string | undefined;
  readonly redirectHost: string;
  /** Where the person was shown that answers go to. */
  readonly redirectHosts: readonly string[];
  /** Ids of the families whose rows there may be: every live one is among them, oldest first. */
  readonly families: readonly Buffer[];
  readonly revoked: boolean;
};

/** A grant as read: the ETag that the next write of it is conditional on. */
export type StoredGrant = Grant & { readonly etag: string };

/** So many active families of one client and person live at once; the one after ends the least recently used. */
export const familiesPerGrant = 50;

/** Rows of families at most, live or not: one batch of 100 rows ends them all together with their grant. */
export const familyRowsPerGrant = 90;

/** Unredeemed codes that stay when room is made; they never push out an active family. */
export const codesPerGrant = 20;

/** Redirect hosts remembered; the oldest is asked for again. */
export const redirectHostsPerGrant = 20;

/** True while what the person approved holds: nothing revoked, voided or outlived it. */
export const isInForce = (grant: Grant, now: number, instants: Instants): boolean =>
  !grant.revoked && now < grant.expiresAt && !isVoid(grant, instants);

/** True while the person need not be asked: they were told that it ends without use. */
export const isStanding = (grant: Grant, now: number, instants: Instants): boolean =>
  isInForce(grant, now, instants) && now < grant.idleExpiresAt;

/** Digest of anything that JSON can carry, in the given order. */
export const digestOf = (value: unknown): string => base64url(sha256(JSON.stringify(value)));

export type Decision = Pick<Grant, 'permissions' | 'declined' | 'once'>;

const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((one) => !some.includes(one));

const sorted = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

type Answer = {
  readonly requested: readonly string[];
  readonly approved: readonly string[];
  readonly lasting: Lasting;
};

/**
 * The grant after an answer: what was not asked this time stays as it was, and what was left out is taken back. What is allowed
 * once is not remembered as allowed, and takes nothing from what was allowed for longer.
 */
export const decided = (before: Decision, { requested, approved, lasting }: Answer): Decision => {
  const others = without(before.permissions, requested);
  const kept = before.permissions.filter((one) => approved.includes(one));
  const isOnce = lasting === 'once';
  return {
    permissions: sorted([...others, ...(isOnce ? kept : approved)]),
    declined: sorted([...without(before.declined, requested), ...without(requested, approved)]),
    once: sorted([...without(before.once, requested), ...(isOnce ? without(approved, kept) : [])]),
  };
};

export const includesAll = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((one) => all.includes(one));

/** Permissions by resource: a resource has many, and its identifier is most of the text. */
export const byResource = (permissions: readonly string[]): readonly (readonly [string, string])[] => {
  const groups = new Map<string, string[]>();
  for (const one of permissions) {
    const space = one.indexOf(' ');
    const [resource, scope] = [one.slice(0, space), one.slice(space + 1)];
    groups.set(resource, [...(groups.get(resource) ?? []), scope]);
  }
  return [...groups].map(([resource, scopes]) => [resource, scopes.join(' ')]);
};

/** The inverse of `byResource`. */
export const fromResources = (groups: readonly (readonly [string, string])[]): readonly string[] =>
  groups.flatMap(([resource, scopes]) => scopes.split(' ').map((scope) => `${resource} ${scope}`));

/** Table Storage takes 32,768 characters in one column. */
const permissionsLimit = 30_000;

/** True if a grant can hold all of these permissions. */
export const isStorable = (permissions: readonly string[]): boolean =>
  JSON.stringify(byResource(permissions)).length <= permissionsLimit;

/** Throws `invalid_scope` when one client was allowed so much that no row can hold this too. */
export const requireStorable = (before: Decision | undefined, requested: readonly string[]): void => {
  const all = sorted([
    ...(before?.permissions ?? []),
    ...(before?.declined ?? []),
    ...(before?.once ?? []),
    ...requested,
  ]);
  if (!isStorable(all))
    throw new OAuthError('grant_too_large', 'the person has decided about too many permissions of this client already');
};
