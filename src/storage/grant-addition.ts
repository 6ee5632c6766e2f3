/** Adding a family to its grant: one batch under the grant's ETag, with whatever makes room for it or takes from others. */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { type Family, isLive } from '../oauth/grants/family.ts';
import { codesPerGrant, familyRowsPerGrant, type Grant, type StoredGrant } from '../oauth/grants/grant.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { Revocation } from '../oauth/grants/revocation.ts';
import { narrowingOf } from '../oauth/tokens/revocation-list.ts';
import { hasEnded, type SignInBasis, sessionChanges } from './browsers.ts';
import type { Change } from './change.ts';
import type { Families } from './families.ts';
import { type FamilyColumns, familyFrom, familyInsert, familyRemoval } from './family-rows.ts';
import { type GrantColumns, grantChange } from './grant-rows.ts';
import { narrowed, narrowing } from './narrowing.ts';
import { lost, untilWritten } from './retry.ts';
import type { Revocations } from './revocations.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';
import { eventInsert, familyRowKey, grantRowKey, partitionOf } from './user-rows.ts';

export type NewFamily = Omit<Family, 'etag' | 'modifiedAt' | 'createdBy'>;

export type Addition = {
  readonly grant: Omit<Grant, 'revoked' | 'families'>;
  /** The grant that the decision was based on; undefined when there was none. */
  readonly basedOn: Pick<StoredGrant, 'etag' | 'families'> | undefined;
  readonly family: NewFamily;
  readonly events: readonly HistoryEvent[];
  /** Permissions that the person has just taken back: the families that are there lose them too. */
  readonly withdrawn?: readonly string[];
  /** In which the person decided, now or before. Ended, it makes the addition fail: nothing slips in behind a sign-out. */
  readonly session: SignInBasis;
  /** Of the session's row, where the decision rests on a copy of it: another row makes the addition fail, as `changed`. */
  readonly sessionEtag?: string | undefined;
  /** Whether the family signs the person in by that session, and the client is to be told of its end. */
  readonly signsIn: boolean;
};

export type AdditionResult =
  | { readonly result: 'added' }
  /** A family of this id is there already: the same page was submitted before. */
  | { readonly result: 'exists'; readonly family: Family }
  /** The grant is not the one that the decision was based on. */
  | { readonly result: 'changed' }
  /** The session that it was decided in has ended. */
  | { readonly result: 'signed out' };

export type AdditionContext = {
  readonly users: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly families: Families;
  readonly revocations: Revocations;
};

/** Adds the family if the grant is still the one the addition is based on; again while only other families change. */
export const addFamily = (context: AdditionContext, addition: Addition): Promise<AdditionResult> =>
  untilWritten<boolean, AdditionResult>(
    true,
    () => isStillBasis(context, addition),
    async (isBasis) => {
      if (!isBasis) return { result: 'changed' };
      const added = await attempt(context, addition);
      return added.result === 'changed' && isWorthAnother(addition) ? lost : added;
    },
  );

const isStillBasis = async ({ users }: AdditionContext, { basedOn, family }: Addition): Promise<boolean> => {
  const { userKey, clientKey } = family.address;
  const row = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(clientKey));
  return row?.etag === basedOn?.etag;
};

const attempt = async (context: AdditionContext, addition: Addition): Promise<AdditionResult> => {
  const { users, random } = context;
  const { basedOn, family, events } = addition;
  const { userKey, familyId } = family.address;
  const familyName = familyId.toString('hex');
  const writeId = base64url(random(16));
  const { named, changes, revocations } = await reviewed(context, addition, writeId);
  await context.revocations.announce(revocations);
  const grant: Grant = { ...addition.grant, families: [...named, family.address.familyId], revoked: false };
  const fence = { ...family, createdBy: `fence ${writeId}`, state: 'ended', endReason: 'fenced' } as const;
  const settled = await settle<Family>({
    attempt: () =>
      users.write([
        grantChange(family.address, grant, basedOn?.etag),
        familyInsert({ ...family, createdBy: writeId }),
        ...changes,
        ...sessionChanges(family, addition),
        ...events.map((event) => eventInsert(userKey, { ...event, family: familyName }, random)),
      ]),
    readBack: async () => {
      const row = await users.read<FamilyColumns>(partitionOf(userKey), familyRowKey(family.address));
      if (row === undefined) return { whose: 'nobody' };
      if (row.createdBy === writeId) return { whose: 'ours' };
      return { whose: 'another', current: familyFrom(row, family.address) };
    },
    fence: () => users.write([familyInsert(fence)]),
  });
  if (settled.result === 'done') return { result: 'added' };
  if (settled.current !== undefined) return { result: 'exists', family: settled.current };
  return { result: (await hasEnded(users, addition.session)) ? 'signed out' : 'changed' };
};

/** Ids of the families that stay, and what is written of the others. */
type Review = {
  readonly named: readonly Buffer[];
  readonly changes: readonly Change[];
  readonly revocations: readonly Revocation[];
};

/** What becomes of the families that the grant names, so that one more fits and none does more than is allowed. */
const reviewed = async (
  context: AdditionContext,
  { basedOn, family, withdrawn = [] }: Addition,
  writeId: string,
): Promise<Review> => {
  const named = basedOn?.families ?? [];
  if (named.length < familyRowsPerGrant && withdrawn.length === 0) return { named, changes: [], revocations: [] };
  const now = context.clock();
  const found = await context.families.ofClient(family.address, named);
  const known = found.filter(({ address }) => named.some((id) => id.equals(address.familyId)));
  const live = known.filter((one) => isLive(one, now));
  const excess = named.length < familyRowsPerGrant ? [] : await dropExcessCodes(context, live);
  const kept = live.filter((one) => !excess.includes(one));
  const dead = known.filter((one) => !live.includes(one));
  const changed = narrowed(kept, withdrawn);
  return {
    named: kept.map(({ address }) => address.familyId),
    changes: [...dead.map(familyRemoval), ...changed.map((one) => narrowing(one, { now, writeId }))],
    revocations: changed.map((one) => narrowingOf(one, now)),
  };
};

/** Codes that nobody has redeemed make room, the oldest first; one that is redeemed in this very moment stays. */
const dropExcessCodes = async ({ users }: AdditionContext, live: readonly Family[]): Promise<readonly Family[]> => {
  const codes = live.filter(({ state }) => state === 'code').toSorted((a, b) => a.createdAt - b.createdAt);
  const excess = codes.slice(0, Math.max(0, codes.length - codesPerGrant));
  const outcomes = await Promise.all(
    excess.map(async (one) => {
      const row = { partitionKey: partitionOf(one.address.userKey), rowKey: familyRowKey(one.address) };
      return { one, outcome: await users.remove({ ...row, etag: one.etag }) };
    }),
  );
  return outcomes.filter(({ outcome }) => outcome.kind === 'done').map(({ one }) => one);
};

/** Other rows than the grant's may have changed, and been looked at since; a copy is not looked at again. */
const isWorthAnother = ({ basedOn, withdrawn = [], sessionEtag }: Addition): boolean =>
  sessionEtag === undefined && ((basedOn?.families.length ?? 0) >= familyRowsPerGrant || withdrawn.length > 0);
