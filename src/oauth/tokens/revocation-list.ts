/**
 * The list that resource servers consult: which sessions and tokens ended within the life of an access token. It names them by
 * digests, so that it tells nothing to anybody who does not hold a token in question.
 */
import { resourceKey } from '../access/resources.ts';
import { base64url, sha256 } from '../crypto.ts';
import type { Family } from '../grants/family.ts';
import {
  type Announced,
  announcementSlackSeconds,
  type Revocation,
  type SessionEnd,
  staleClientSeconds,
  staleSeconds,
} from '../grants/revocation.ts';
import type { DeploymentKeys } from './deployment-keys.ts';
import { clientKeyOf, type FamilyAddress, sessionIdOf, subjectOf } from './locator.ts';

/** The `typ` of the list (RFC 8725 §3.11); its media type is `application/` and this. */
export const revocationListType = 'assent-revocations+jwt';

const digestLength = 16;

/** How the list names a claim's value: base64url of the first 16 bytes of its SHA-256. */
export const digestOf = (value: string): string => base64url(sha256(value).subarray(0, digestLength));

/** The same for both spellings of a resource. */
export const digestOfResource = (identifier: string): string => digestOf(resourceKey(identifier));

/** Instants (epoch seconds): tokens with an `iat` before them count no more. */
type NotBefore = {
  readonly everyone?: number;
  readonly client_id: Readonly<Record<string, number>>;
  readonly sub: Readonly<Record<string, number>>;
  readonly sid: Readonly<Record<string, number>>;
};

/** The end of a family whose tokens are for these resources. */
export const endOf = ({ userKey, familyId }: FamilyAddress, resources: readonly string[]): SessionEnd => ({
  kind: 'session',
  userKey,
  familyId,
  resources: resources.map(digestOfResource),
});

/** Tokens of a family from before its permissions were narrowed: they say more than it may do now. */
export const narrowingOf = (
  { address, resources, scopes }: Pick<Family, 'address' | 'resources' | 'scopes'>,
  now: number,
): Revocation => ({ ...endOf(address, resources), before: scopes.length === 0 ? undefined : now + staleSeconds });

/** A client that is blocked or gone: other instances go on for a while with the row that they know. */
export const blockOf = (clientId: string, now: number): Revocation => ({
  kind: 'client',
  clientKey: clientKeyOf(clientId),
  before: now + staleClientSeconds,
});

/** Claims of the list beside `iss`, `iat` and `exp`; equal for equal revocations, whatever their order. */
export type RevocationList = {
  /** Not beside `iss`: RFC 7519 §4.1.7 makes `jti` a string there, and libraries refuse anything else. */
  readonly ended: { readonly sid: readonly string[]; readonly jti: readonly string[] };
  readonly not_before: NotBefore;
};

/** All there is to know from some instant on: what ended before it has been left out for want of room. */
export type Known = { readonly revocations: readonly Announced[]; readonly completeSince: number };

/** From when on an end still matters to a token that lives (epoch seconds). */
export const relevantSince = (now: number, accessTokenSeconds: number): number =>
  now - accessTokenSeconds - announcementSlackSeconds;

/** Where room was wanting, tokens from before count no more: their clients refresh, and none of them is taken wrongly. */
export const revocationListOf = (
  { revocations, completeSince }: Known,
  since: number,
  keys: Pick<DeploymentKeys, 'locator' | 'subject'>,
): RevocationList => {
  const [sid, jti] = [new Set<string>(), new Set<string>()];
  const before = {
    client_id: new Map<string, number>(),
    sub: new Map<string, number>(),
    sid: new Map<string, number>(),
  };
  let everyone = completeSince > since ? completeSince + staleSeconds : 0;
  for (const one of revocations) {
    if (one.kind === 'token') jti.add(digestOf(one.jti));
    else if (one.kind === 'everyone') everyone = Math.max(everyone, one.before);
    else if (one.kind === 'client') raise(before.client_id, base64url(one.clientKey), one.before);
    else if (one.kind === 'person') raise(before.sub, digestOf(subjectOf(one.userKey, keys.subject)), one.before);
    else {
      const digest = digestOf(sessionIdOf(one, keys.locator));
      if (one.before === undefined) sid.add(digest);
      else raise(before.sid, digest, one.before);
    }
  }
  return {
    ended: { sid: [...sid].toSorted(), jti: [...jti].toSorted() },
    not_before: {
      ...(everyone === 0 ? {} : { everyone }),
      client_id: sorted(before.client_id),
      sub: sorted(before.sub),
      sid: sorted(before.sid),
    },
  };
};

const raise = (instants: Map<string, number>, name: string, before: number): void => {
  instants.set(name, Math.max(before, instants.get(name) ?? 0));
};

const sorted = (instants: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...instants].toSorted(([a], [b]) => (a < b ? -1 : 1)));
