/** What a person takes back of a grant leaves its families in the same batch. */
import { isWithdrawn } from '../oauth/access/withdrawn.ts';
import { base64url } from '../oauth/crypto.ts';
import { type Family, isLive } from '../oauth/grants/family.ts';
import type { StoredGrant } from '../oauth/grants/grant.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import { narrowingOf } from '../oauth/tokens/revocation-list.ts';
import type { Change } from './change.ts';
import type { FamilyOwner } from './families.ts';
import { familyChange } from './family-rows.ts';
import type { AdditionContext } from './grant-addition.ts';
import { type GrantColumns, grantChange } from './grant-rows.ts';
import { settle } from './settle.ts';
import { eventInsert, grantRowKey, partitionOf } from './user-rows.ts';

/** A grant with less in it. */
export type Narrowing = {
  readonly grant: Pick<StoredGrant, 'permissions' | 'declined' | 'shownDigest'>;
  /** What it loses. */
  readonly withdrawn: readonly string[];
  readonly event: HistoryEvent;
};

/**
 * Families less what the person has taken back. A scope goes if it is gone at one of the family's resources: a token for
 * all of them could not say that it holds at some only. What is left without any ends.
 */
export const narrowed = (families: readonly Family[], withdrawn: readonly string[]): readonly Family[] =>
  families.flatMap((family) => {
    const scopes = family.scopes.filter((scope) => !isWithdrawn(scope, withdrawn, family));
    return scopes.length === family.scopes.length ? [] : [{ ...family, scopes }];
  });

export const narrowing = (
  family: Family,
  { now, writeId }: { readonly now: number; readonly writeId: string },
): Change => {
  const { scopes } = family;
  if (scopes.length > 0) return familyChange(family, { scopes }, { countedBy: writeId });
  const ended = { scopes, state: 'ended', endReason: 'narrowed', endedAt: now } as const;
  return familyChange(family, ended, { endedBy: writeId });
};

/** One batch under the ETags of the grant and of every family that changes; false when one of them has changed meanwhile. */
export const narrowOnce = async (
  { users, clock, random, families, revocations }: AdditionContext,
  { owner, grant }: { readonly owner: FamilyOwner; readonly grant: StoredGrant },
  { grant: less, withdrawn, event }: Narrowing,
): Promise<boolean> => {
  const [now, writeId] = [clock(), base64url(random(16))];
  const found = await families.ofClient(owner, grant.families);
  const live = found.filter((one) => isLive(one, now));
  const changed = narrowed(live, withdrawn);
  await revocations.announce(changed.map((one) => narrowingOf(one, now)));
  const settled = await settle<undefined>({
    attempt: () =>
      users.write([
        grantChange(owner, { ...grant, ...less }, grant.etag, { narrowedBy: writeId }),
        ...changed.map((one) => narrowing(one, { now, writeId })),
        eventInsert(owner.userKey, event, random),
      ]),
    readBack: async () => {
      const row = await users.read<GrantColumns>(partitionOf(owner.userKey), grantRowKey(owner.clientKey));
      if (row?.narrowedBy === writeId) return { whose: 'ours' };
      return row?.etag === grant.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: () => users.write([grantChange(owner, grant, grant.etag, { fencedBy: writeId })]),
  });
  return settled.result === 'done';
};
