/**
 * Grants, and what concerns a grant together with its families (rows: see `user-rows.ts`).
 *
 * The grant's row names its families. Every batch that adds one also writes the grant under its ETag, and revoking is one
 * batch that ends the grant under that ETag and every family that it names, read or not. So an authorization cannot slip in
 * while it is being revoked, whichever comes second finds its condition false and reads again, and neither costs more
 * than one batch, however many rows there have been: the list is bounded, and rows leave the table when they leave it.
 */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { type Family, isLive } from '../oauth/family.ts';
import { codesPerGrant, familyRowsPerGrant, type Grant, type StoredGrant } from '../oauth/grant.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import { competingAttempts, type Families, type FamilyOwner as Owner } from './families.ts';
import { type FamilyColumns, familyChange, familyEnd, familyFrom, familyInsert, familyRemoval } from './family-rows.ts';
import { type GrantColumns, grantChange, grantFrom } from './grant-rows.ts';
import { type Overview, readGrants, readOverview } from './overview.ts';
import { pause, settle } from './settle.ts';
import type { Change, Table } from './table.ts';
import { createTurns } from './turns.ts';
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
};

type AdditionResult =
  | { readonly result: 'added' }
  /** A family of this id is there already: the same page was submitted before. */
  | { readonly result: 'exists'; readonly family: Family }
  /** The grant is not the one that the decision was based on. */
  | { readonly result: 'changed' };

export type Grants = {
  read(userKey: Buffer, clientKey: Buffer): Promise<StoredGrant | undefined>;
  /** Adds a family in state `code` and writes its grant, in one batch, if the grant is still the one it is based on. */
  add(addition: Addition): Promise<AdditionResult>;
  /**
   * Adds the family that `decide` makes of the grant, read anew while others change it. Undefined when `decide` wants none
   * any more. Attempts of this process wait for each other. Throws `Unavailable`.
   */
  addWhile(seen: StoredGrant, owner: Owner, decide: Decide): Promise<Addition | undefined>;
  /** Everything the person authorized, and the newest of the history. One query. */
  overview(userKey: Buffer): Promise<Overview>;
  /** Ends the grant and every family of it. Returns false when there was nothing to end. */
  revoke(userKey: Buffer, clientKey: Buffer): Promise<boolean>;
  /** The same for all grants of a person. */
  revokeAll(userKey: Buffer): Promise<void>;
};

type Decide = (grant: StoredGrant) => Addition | undefined;

/** Pages live no longer than this, so no page can name a grant that was revoked longer ago. */
const revokedGrantSeconds = 86_400;

const revocationsAtOnce = 8;

type Context = { readonly clock: Clock; readonly random: Random; readonly families: Families };

export const openGrants = (users: Table, { clock, random, families }: Context): Grants => {
  const turns = createTurns();
  const inTurn = <Result>({ userKey, clientKey }: Owner, task: (waited: boolean) => Promise<Result>) =>
    turns.take(`${partitionOf(userKey)} ${grantRowKey(clientKey)}`, task);

  const read = async (userKey: Buffer, clientKey: Buffer): Promise<StoredGrant | undefined> => {
    const row = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(clientKey));
    return row && grantFrom(row);
  };

  /** What becomes of the families that the grant names, so that one more fits and none does more than is allowed. */
  const reviewed = async ({ basedOn, family, withdrawn = [] }: Addition, writeId: string): Promise<Review> => {
    const named = basedOn?.families ?? [];
    if (named.length < familyRowsPerGrant && withdrawn.length === 0) return { named, changes: [] };
    const now = clock();
    const found = await families.ofClient(family.address, named);
    const known = found.filter(({ address }) => named.some((id) => id.equals(address.familyId)));
    const live = known.filter((one) => isLive(one, now));
    const excess = named.length < familyRowsPerGrant ? [] : await dropExcessCodes(live);
    const kept = live.filter((one) => !excess.includes(one));
    const dead = known.filter((one) => !live.includes(one));
    return {
      named: kept.map(({ address }) => address.familyId),
      changes: [...dead.map(familyRemoval), ...narrowed(kept, withdrawn, { now, writeId })],
    };
  };

  /** Codes that nobody has redeemed make room, the oldest first; one that is redeemed in this very moment stays. */
  const dropExcessCodes = async (live: readonly Family[]): Promise<readonly Family[]> => {
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

  const attempt = async (addition: Addition): Promise<AdditionResult> => {
    const { basedOn, family, events } = addition;
    const { userKey } = family.address;
    const writeId = base64url(random(16));
    const { named, changes } = await reviewed(addition, writeId);
    const grant: Grant = { ...addition.grant, families: [...named, family.address.familyId], revoked: false };
    const settled = await settle<Family>({
      attempt: () =>
        users.write([
          grantChange(family.address, grant, basedOn?.etag),
          familyInsert({ ...family, createdBy: writeId }),
          ...changes,
          ...events.map((event) => eventInsert(userKey, event, random)),
        ]),
      readBack: async () => {
        const row = await users.read<FamilyColumns>(partitionOf(userKey), familyRowKey(family.address));
        if (row === undefined) return { whose: 'nobody' };
        if (row.createdBy === writeId) return { whose: 'ours' };
        return { whose: 'another', current: familyFrom(row, family.address) };
      },
      fence: () =>
        users.write([familyInsert({ ...family, createdBy: `fence ${writeId}`, state: 'ended', endReason: 'fenced' })]),
    });
    if (settled.result === 'done') return { result: 'added' };
    return settled.current === undefined ? { result: 'changed' } : { result: 'exists', family: settled.current };
  };

  /** Again while only a family has changed meanwhile, and the grant has not. */
  const add = async (addition: Addition): Promise<AdditionResult> => {
    const { basedOn, family } = addition;
    for (let tries = 0; tries < competingAttempts; tries++) {
      const added = await attempt(addition);
      if (added.result !== 'changed' || basedOn === undefined) return added;
      if (!needsReview(addition)) return added;
      const current = await read(family.address.userKey, family.address.clientKey);
      if (current?.etag !== basedOn.etag) return added;
    }
    throw new Unavailable('storage');
  };

  const addWhile: Grants['addWhile'] = (seen, owner, decide) =>
    inTurn(owner, async (waited) => {
      let current = waited ? await read(owner.userKey, owner.clientKey) : seen;
      for (let tries = 0; tries < competingAttempts; tries++) {
        const addition = current && decide(current);
        if (addition === undefined) return undefined;
        if ((await add(addition)).result === 'added') return addition;
        await pause(Math.random() * 10 * Math.min(tries, 10));
        current = await read(owner.userKey, owner.clientKey);
      }
      throw new Unavailable('storage');
    });

  /** One attempt; false when the grant has changed meanwhile. */
  const revokeOnce = async (grant: StoredGrant, owner: Owner): Promise<boolean> => {
    const writeId = base64url(random(16));
    const at = clock();
    const { clientId, clientName } = grant;
    const marks = { revokedBy: writeId, keepUntil: at + revokedGrantSeconds };
    const ended = grant.families.map((familyId) =>
      familyEnd({ ...owner, familyId }, { reason: 'revoked by user', at, writeId }),
    );
    const settled = await settle<undefined>({
      attempt: () =>
        users.write([
          grantChange(owner, { ...grant, revoked: true, families: [] }, grant.etag, marks),
          ...ended,
          eventInsert(owner.userKey, { kind: 'revoked by user', at, clientId, clientName }, random),
        ]),
      readBack: async () => {
        const row = await users.read<GrantColumns>(partitionOf(owner.userKey), grantRowKey(owner.clientKey));
        if (row?.revokedBy === writeId) return { whose: 'ours' };
        return row?.etag === grant.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
      },
      fence: () => users.write([grantChange(owner, grant, grant.etag, { fencedBy: writeId })]),
    });
    return settled.result === 'done';
  };

  const revoke = (owner: Owner, seen?: StoredGrant): Promise<boolean> =>
    inTurn(owner, async (waited) => {
      let grant = seen === undefined || waited ? await read(owner.userKey, owner.clientKey) : seen;
      for (let tries = 0; tries < competingAttempts; tries++) {
        if (grant === undefined || grant.revoked) return false;
        if (await revokeOnce(grant, owner)) return true;
        await pause(Math.random() * 10 * Math.min(tries, 5));
        grant = await read(owner.userKey, owner.clientKey);
      }
      throw new Unavailable('storage');
    });

  return {
    read,
    add: (addition) => inTurn(addition.family.address, () => add(addition)),
    addWhile,
    overview: (userKey) => readOverview(users, userKey),
    revoke: (userKey, clientKey) => revoke({ userKey, clientKey }),
    revokeAll: async (userKey) => {
      const all = await readGrants(users, userKey);
      const waiting = all.filter(({ grant }) => !grant.revoked).values();
      const work = async (): Promise<void> => {
        for (const { clientKey, grant } of waiting) await revoke({ userKey, clientKey }, grant);
      };
      await Promise.all(Array.from({ length: revocationsAtOnce }, work));
    },
  };
};

/** Ids of the families that stay, and what is written of the others. */
type Review = { readonly named: readonly Buffer[]; readonly changes: readonly Change[] };

const needsReview = ({ basedOn, withdrawn = [] }: Addition): boolean =>
  (basedOn?.families.length ?? 0) >= familyRowsPerGrant || withdrawn.length > 0;

/**
 * Families less what the person has taken back. A scope goes if it is gone at one of the family's resources: a token for
 * all of them could not say that it holds at some only. What is left without any ends.
 */
const narrowed = (
  families: readonly Family[],
  withdrawn: readonly string[],
  { now, writeId }: { readonly now: number; readonly writeId: string },
): readonly Change[] =>
  families.flatMap((family) => {
    const isWithdrawn = (scope: string) =>
      family.resources.some((resource) => withdrawn.includes(`${resource} ${scope}`));
    const scopes = family.scopes.filter((scope) => !isWithdrawn(scope));
    if (scopes.length === family.scopes.length) return [];
    if (scopes.length > 0) return [familyChange({ ...family, scopes }, { countedBy: writeId })];
    const ended = { state: 'ended', endReason: 'narrowed', endedAt: now } as const;
    return [familyChange({ ...family, ...ended }, { endedBy: writeId })];
  });
