/**
 * Grants, and what concerns a grant together with its families (rows: see `user-rows.ts`).
 *
 * The grant's row names its families. Every batch that adds one also writes the grant under its ETag, and revoking is one
 * batch that ends the grant under that ETag and every family that it names, read or not. So an authorization cannot slip in
 * while it is being revoked, whichever comes second finds its condition false and reads again, and neither costs more
 * than one batch, however many rows there have been: the list is bounded, and rows leave the table when they leave it.
 */
import { base64url } from '../oauth/crypto.ts';
import { byResource, type StoredGrant } from '../oauth/grants/grant.ts';
import type { Revocation } from '../oauth/grants/revocation.ts';
import { endOf } from '../oauth/tokens/revocation-list.ts';
import type { FamilyOwner as Owner } from './families.ts';
import { familyEnd } from './family-rows.ts';
import { type Addition, type AdditionContext, type AdditionResult, addFamily } from './grant-addition.ts';
import { type Authorization, type GrantColumns, grantChange, grantFrom } from './grant-rows.ts';
import { type Narrowing, narrowOnce } from './narrowing.ts';
import { type Look, type Overview, readGrants, readOverview } from './overview.ts';
import { lost, untilWritten } from './retry.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';
import { createTurns, type Turns } from './turns.ts';
import { eventInsert, grantRowKey, partitionOf } from './user-rows.ts';

/** What to add to the grant as it is now; undefined for nothing any more. */
type Decide = (grant: StoredGrant) => Addition | undefined;

export type Grants = {
  read(userKey: Buffer, clientKey: Buffer): Promise<StoredGrant | undefined>;
  /** Adds a family in state `code` and writes its grant, in one batch, if the grant is still the one it is based on. */
  add(addition: Addition): Promise<AdditionResult>;
  /**
   * Adds the family that `decide` makes of the grant, read anew while others change it. Undefined when `decide` wants none
   * any more, or the session has ended. Attempts of this process wait for each other. Throws `Unavailable`.
   */
  addWhile(seen: StoredGrant, owner: Owner, decide: Decide): Promise<Addition | undefined>;
  /** What the person authorized, a page of it where there is very much, and the newest of the history. One query, usually. */
  overview(userKey: Buffer, look?: Look): Promise<Overview>;
  /** One authorization with its families, in whatever state. Two calls at once, usually. */
  one(owner: Owner): Promise<Authorization | undefined>;
  /**
   * Takes from the grant, and from its families, what `decide` says of the grant as it is now: undefined changes nothing.
   * Returns what was decided last. Throws `Unavailable`.
   */
  narrow(owner: Owner, decide: (grant: StoredGrant) => Narrowing | undefined): Promise<Narrowing | undefined>;
  /** Ends the grant and every family of it, if it is still as `isMeant` says. Returns false when there was nothing to end. */
  revoke(userKey: Buffer, clientKey: Buffer, isMeant?: (grant: StoredGrant) => boolean): Promise<boolean>;
  /** Everything that the person ever authorized and the table still has. One call, usually. */
  list(userKey: Buffer): Promise<readonly Authorization[]>;
  /**
   * The same as `revoke` by order of an operator, which has a name: true when it has ended by this order, now or before. Throws
   * `Unavailable`.
   */
  endByOrder(owner: Owner, order: Order): Promise<boolean>;
  /** The same for all grants of a person, or for those that are meant. */
  revokeAll(userKey: Buffer, isMeant?: (grant: StoredGrant) => boolean): Promise<void>;
  /** Tells resource servers that all of a person's sessions end, for whoever ends them without looking at them. Throws `Unavailable`. */
  announceEnd(userKey: Buffer): Promise<void>;
};

/** Pages live no longer than this, so no page can name a grant that was revoked longer ago. */
const revokedGrantSeconds = 86_400;

/** Whoever takes back what an operator approved for everyone has said no, and is asked from then on instead of answered for. */
const keptRevokedSeconds = ({ byOperator }: StoredGrant): number =>
  byOperator.length === 0 ? revokedGrantSeconds : 5 * 365 * 86_400;

const revocationsAtOnce = 8;

type Context = AdditionContext & { readonly turns: Turns };
type Options = Omit<AdditionContext, 'users'>;

export const openGrants = (users: Table, options: Options): Grants => {
  const context: Context = { users, ...options, turns: createTurns() };
  return {
    read: (userKey, clientKey) => read(context, { userKey, clientKey }),
    add: (addition) => inTurn(context, addition.family.address, () => addFamily(context, addition)),
    addWhile: (seen, owner, decide) =>
      inTurn(context, owner, (waited) => addWhile(context, { seen, owner, waited }, decide)),
    overview: (userKey, look) => readOverview(users, userKey, look),
    one: (owner) => one(context, owner),
    narrow: (owner, decide) => narrow(context, owner, decide),
    revoke: (userKey, clientKey, isMeant) => revoke(context, { userKey, clientKey }, { isMeant }),
    list: (userKey) => readGrants(users, userKey),
    endByOrder: (owner, order) => endByOrder(context, owner, order),
    revokeAll: (userKey, isMeant) => revokeAll(context, userKey, isMeant),
    announceEnd: async (userKey) => {
      const all = await readGrants(users, userKey);
      await context.revocations.announce(all.flatMap(({ grant, clientKey }) => endsOf(grant, { userKey, clientKey })));
    },
  };
};

const inTurn = <Result>(
  { turns }: Context,
  { userKey, clientKey }: Owner,
  task: (waited: boolean) => Promise<Result>,
): Promise<Result> => turns.take(`${partitionOf(userKey)} ${grantRowKey(clientKey)}`, task);

const read = async ({ users }: Context, { userKey, clientKey }: Owner): Promise<StoredGrant | undefined> => {
  const row = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(clientKey));
  return row && grantFrom(row);
};

const one = async (context: Context, owner: Owner): Promise<Authorization | undefined> => {
  const [grant, found] = await Promise.all([read(context, owner), context.families.ofClient(owner)]);
  if (grant === undefined) return undefined;
  const isThere = (id: Buffer) => found.some(({ address }) => address.familyId.equals(id));
  const families = grant.families.every(isThere) ? found : await context.families.ofClient(owner, grant.families);
  return { grant, clientKey: owner.clientKey, families };
};

type Waiting = { readonly seen: StoredGrant; readonly owner: Owner; readonly waited: boolean };

const addWhile = async (
  context: Context,
  { seen, owner, waited }: Waiting,
  decide: Decide,
): Promise<Addition | undefined> => {
  const again = () => read(context, owner);
  return untilWritten(waited ? await again() : seen, again, async (grant) => {
    const addition = grant && decide(grant);
    if (addition === undefined) return undefined;
    const added = await addFamily(context, addition);
    // Its id derives from a request that was answered before: the same answer again, while it is good for anything.
    if (added.result === 'exists') return added.family.state === 'code' ? addition : undefined;
    if (added.result === 'signed out') return undefined;
    return added.result === 'added' ? addition : lost;
  });
};

const narrow = (
  context: Context,
  owner: Owner,
  decide: (grant: StoredGrant) => Narrowing | undefined,
): Promise<Narrowing | undefined> =>
  inTurn(context, owner, async () => {
    const again = () => read(context, owner);
    return untilWritten(await again(), again, async (grant) => {
      const less = grant === undefined || grant.revoked ? undefined : decide(grant);
      if (grant === undefined || less === undefined) return undefined;
      return (await narrowOnce(context, { owner, grant }, less)) ? less : lost;
    });
  });

type Revoking = {
  readonly seen?: StoredGrant;
  readonly isMeant?: ((grant: StoredGrant) => boolean) | undefined;
  /** By whom; the person unless told. */
  readonly by?: Ender;
};

/** `writeId` names the attempts of who revokes; those of one order share one. */
type Ender = {
  readonly reason: 'revoked by user' | 'ended by operator';
  readonly writeId: string;
  readonly order?: string;
};

const revoke = (context: Context, owner: Owner, { seen, isMeant = () => true, by }: Revoking): Promise<boolean> =>
  inTurn(context, owner, async (waited) => {
    const again = () => read(context, owner);
    return untilWritten(seen === undefined || waited ? await again() : seen, again, async (grant) => {
      if (grant === undefined || grant.revoked || !isMeant(grant)) return false;
      await context.revocations.announce(endsOf(grant, owner));
      return (await revokeOnce(context, owner, { grant, by })) ? true : lost;
    });
  });

/** `id` names what was ordered, once. */
type Order = { readonly id: string; readonly isMeant: (grant: StoredGrant) => boolean };

const endByOrder = async (context: Context, owner: Owner, { id, isMeant }: Order): Promise<boolean> => {
  const by = { reason: 'ended by operator', writeId: `order ${id}`, order: id } as const;
  if (await revoke(context, owner, { isMeant, by })) return true;
  const row = await context.users.read<GrantColumns>(partitionOf(owner.userKey), grantRowKey(owner.clientKey));
  return row?.revoked === true && row.revokedBy === by.writeId;
};

/** Of every family that the grant names, read or not. */
const endsOf = ({ families, permissions, once }: StoredGrant, owner: Owner): readonly Revocation[] => {
  const resources = byResource([...permissions, ...once]).map(([resource]) => resource);
  return families.map((familyId) => endOf({ ...owner, familyId }, resources));
};

/** False when the grant has changed meanwhile. */
const revokeOnce = async (
  { users, clock, random, families }: Context,
  owner: Owner,
  { grant, by }: { readonly grant: StoredGrant; readonly by: Ender | undefined },
): Promise<boolean> => {
  const { reason, writeId, order }: Ender = by ?? { reason: 'revoked by user', writeId: base64url(random(16)) };
  const at = clock();
  const { clientId, clientName, permissions } = grant;
  const event = { kind: reason, at, clientId, clientName, permissions };
  const marks = { revokedBy: writeId, keepUntil: at + keptRevokedSeconds(grant) };
  const addresses = grant.families.map((familyId) => ({ ...owner, familyId }));
  // Nothing is signed any more by what this instance remembers of them.
  for (const address of addresses) families.takeCopy(address);
  const ended = addresses.map((address) => familyEnd(address, { reason, at, writeId }));
  const settled = await settle<undefined>({
    attempt: () =>
      users.write([
        grantChange(owner, { ...grant, revoked: true, families: [] }, grant.etag, marks),
        ...ended,
        eventInsert(owner.userKey, { ...event, ...(order === undefined ? {} : { order }) }, random),
      ]),
    readBack: async () => {
      const row = await users.read<GrantColumns>(partitionOf(owner.userKey), grantRowKey(owner.clientKey));
      // An order may have ended it before, and the person has allowed it again since.
      if (row?.revokedBy === writeId && (by === undefined || row.revoked === true)) return { whose: 'ours' };
      return row?.etag === grant.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: () => users.write([grantChange(owner, grant, grant.etag, { fencedBy: writeId })]),
  });
  return settled.result === 'done';
};

const revokeAll = async (context: Context, userKey: Buffer, isMeant = (_: StoredGrant) => true): Promise<void> => {
  const all = await readGrants(context.users, userKey);
  const waiting = all.filter(({ grant }) => !grant.revoked && isMeant(grant)).values();
  const work = async (): Promise<void> => {
    for (const { clientKey, grant } of waiting) await revoke(context, { userKey, clientKey }, { seen: grant, isMeant });
  };
  await Promise.all(Array.from({ length: revocationsAtOnce }, work));
};
